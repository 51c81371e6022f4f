//! Unit tests become nodes: one for each version of the model that they are for.

use std::collections::HashMap;
use std::sync::Arc;

use minijinja::Value;
use serde_json::Value as Json;

use crate::config::properties::{FixtureDecl, GivenDecl, UnitTestDecl};
use crate::config::tree;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::discover::{Discovered, Inputs, Part, blank, describe, fqn, lift_config};
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::Shared;
use crate::load::{FileKind, ProjectFile};
use crate::node::{Detail, Node, NodeConfig, Ref, ResourceType};
use crate::resolve::Resolver;
use crate::source::{SourceMap, Span};
use crate::unit_test::{Fixture, Format, Given, Rows, UnitTest, fixture};

const NO_INPUT: &str = "an input is `ref('orders')`, `source('raw', 'orders')` or `this`";

/// Unit tests that take part, and those that don't.
#[derive(Default)]
struct Found {
    on: Vec<Node>,
    off: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
}

/// What unit tests are looked up in.
struct Maker<'a> {
    inputs: &'a Inputs<'a>,
    nodes: &'a [Node],
    disabled: &'a [Node],
    resolver: &'a Resolver,
    files: HashMap<&'a str, &'a ProjectFile>,
}

type Made<T> = Result<T, Box<Diagnostic>>;

/// Adds the unit tests of the project and its packages.
pub(super) fn add(
    shared: &Arc<Shared>,
    sources: &SourceMap,
    parts: &[Part],
    nodes: &mut Discovered,
) -> Vec<Diagnostic> {
    let mut found = Found::default();
    if parts.iter().flat_map(|part| &part.properties).any(|file| !file.properties.unit_tests.is_empty()) {
        let resolver = Resolver::new(&nodes.nodes, &shared.settings);
        for part in parts {
            of_part(shared, sources, part, (nodes, &resolver), &mut found);
        }
    }
    nodes.nodes.extend(found.on);
    nodes.disabled.extend(found.off);
    found.diagnostics
}

fn of_part(
    shared: &Arc<Shared>,
    sources: &SourceMap,
    part: &Part,
    (nodes, resolver): (&Discovered, &Resolver),
    found: &mut Found,
) {
    let (settings, package) = (&part.settings, part.settings.name.as_str().into());
    let inputs = &Inputs { shared, sources, settings, package, patches: HashMap::new() };
    let fixtures = part.loaded.files.iter().filter(|f| f.kind == FileKind::Fixture);
    let files = fixtures.map(|f| (stem(&f.path), f)).collect();
    let maker = Maker { inputs, nodes: &nodes.nodes, disabled: &nodes.disabled, resolver, files };
    let mut seen: HashMap<String, Span> = HashMap::new();
    for file in &part.properties {
        for decl in &file.properties.unit_tests {
            let id = format!("{}.{}", decl.model, decl.name);
            if let Some(first) = seen.insert(id, decl.span) {
                found.diagnostics.push(
                    Diagnostic::error("duplicate-name", format!("there are two unit tests `{}`", decl.name))
                        .at(decl.span, "again here")
                        .at(first, "first here")
                        .hint("rename one of them"),
                );
                continue;
            }
            if let Err(problem) = maker.declared(&file.file, decl, found) {
                found.diagnostics.push(*problem);
            }
        }
    }
}

/// The name of a file without its folder and its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn bad(message: String) -> Diagnostic {
    Diagnostic::error("bad-unit-test", message)
}

impl Maker<'_> {
    fn declared(&self, file: &ProjectFile, decl: &UnitTestDecl, found: &mut Found) -> Made<()> {
        let mut draft = self.draft(file, decl, &mut found.diagnostics);
        let Some(tested) = self.tested(decl)? else {
            draft.config.values.insert("enabled".into(), Json::Bool(false));
            found.off.push(draft);
            return Ok(());
        };
        if !draft.config.enabled() {
            found.off.push(draft);
            return Ok(());
        }
        for model in tested {
            found.on.push(self.of_model(&draft, decl, model)?);
        }
        Ok(())
    }

    /// What all versions have in common.
    fn draft(&self, file: &ProjectFile, decl: &UnitTestDecl, diagnostics: &mut Vec<Diagnostic>) -> Node {
        let mut node = blank(self.inputs, ResourceType::UnitTest, &decl.name, file);
        node.unique_id = format!("unit_test.{}.{}.{}", node.package, decl.model, decl.name);
        node.fqn = fqn(&node.package, &file.path, &decl.model);
        node.fqn.push(decl.name.clone());
        node.span = None;
        node.patch_span = Some(decl.span);
        node.checksum = String::new();
        node.description = describe::text(self.inputs, &decl.description, decl.description_span, diagnostics);
        let mut config = self.inputs.tree_config(ResourceType::UnitTest, &node.fqn);
        node.unrendered = self.inputs.unrendered(&node, [&decl.config], &[]);
        tree::merge(&mut config, decl.config.clone());
        node.config = NodeConfig { values: config };
        lift_config(&mut node);
        node.detail = Detail::UnitTest(Box::new(UnitTest {
            model: decl.model.clone(),
            version: None,
            given: Vec::new(),
            expect: Fixture {
                format: decl.expect.format,
                rows: Rows::Table(Vec::new()),
                file: None,
                span: decl.expect.span,
                columns: Vec::new(),
            },
            overrides: decl.overrides.clone(),
            versions: decl.versions.clone(),
        }));
        node
    }

    /// The models that it is for; `None` where the model is disabled.
    fn tested(&self, decl: &UnitTestDecl) -> Made<Option<Vec<&Node>>> {
        let mut words = decl.model.split_whitespace();
        let name = words.next().unwrap_or_default();
        let mut wanted = Ref { package: None, name: name.to_owned(), version: words.next().map(str::to_owned) };
        let models: Vec<&Node> =
            self.nodes.iter().filter(|n| n.resource_type == ResourceType::Model && n.name == name).collect();
        let own: Vec<&Node> = models.iter().copied().filter(|n| n.package == self.inputs.package).collect();
        let models = if own.is_empty() { models } else { own };
        if models.is_empty() {
            if self.disabled.iter().any(|n| n.resource_type == ResourceType::Model && n.name == name) {
                return Ok(None);
            }
            let names = self.nodes.iter().filter(|n| n.resource_type == ResourceType::Model).map(|n| n.name.as_str());
            return Err(Box::new(
                Diagnostic::error("unknown-node", format!("there is no model `{name}` to test"))
                    .at(decl.model_span, format!("tested by `{}`", decl.name))
                    .hint("correct the name, or remove the unit test")
                    .maybe_hint(did_you_mean(name, names)),
            ));
        }
        wanted.package = models.first().map(|model| model.package.to_string());
        let found = self.resolver.find_ref(&wanted, &self.inputs.package).map(|i| &self.nodes[i]);
        let versioned: Vec<&Node> =
            models.iter().copied().filter(|n| matches!(n.detail, Detail::Version { .. })).collect();
        let chosen: Vec<&Node> = match (&decl.versions, versioned.is_empty()) {
            (None, true) => found.into_iter().collect(),
            (None, false) if wanted.version.is_some() => found.into_iter().collect(),
            (None, false) => versioned,
            (Some(_), true) => {
                return Err(Box::new(
                    bad(format!("`{}` chooses versions of `{name}`, which has none", decl.name))
                        .at(decl.span, "")
                        .hint("remove `versions:`"),
                ));
            }
            (Some(versions), false) => versioned.into_iter().filter(|n| is_chosen(versions, n)).collect(),
        };
        match chosen.is_empty() {
            true => Err(Box::new(
                bad(format!("`{}` is for no version of `{name}` that there is", decl.name))
                    .at(decl.span, "")
                    .hint("correct `versions:`: it includes or excludes versions of the model"),
            )),
            false => Ok(Some(chosen)),
        }
    }

    fn of_model(&self, draft: &Node, decl: &UnitTestDecl, model: &Node) -> Made<Node> {
        let mut node = draft.clone();
        node.depends_on = vec![model.unique_id.clone()];
        node.schema.clone_from(&model.schema);
        let given: Vec<Given> = decl.given.iter().map(|given| self.given(decl, given, model)).collect::<Made<_>>()?;
        check_incremental(decl, model)?;
        let expect = self.fixture(decl, &decl.expect, false)?;
        let Detail::UnitTest(test) = &mut node.detail else { return Ok(node) };
        (test.given, test.expect) = (given, expect);
        if let Detail::Version { version, .. } = &model.detail {
            test.version = Some(version.clone());
            node.unique_id = format!("{}_v{version}", draft.unique_id);
        }
        Ok(node)
    }

    fn given(&self, decl: &UnitTestDecl, given: &GivenDecl, model: &Node) -> Made<Given> {
        let node = match given.input.trim() {
            "this" => model,
            input => self.input(decl, given, input)?,
        };
        let fixture = self.fixture(decl, &given.fixture, node.resource_type == ResourceType::Seed)?;
        Ok(Given { input: given.input.clone(), span: given.span, node: node.unique_id.clone(), fixture })
    }

    /// The node that an expression such as `ref('orders')` names.
    fn input(&self, decl: &UnitTestDecl, given: &GivenDecl, input: &str) -> Made<&Node> {
        let shared = self.inputs.shared;
        let scope = Arc::new(Scope::parse(shared.clone(), self.inputs.package.clone(), Owner::None));
        let evaluated = shared.macros.engine().eval_expression(input, Value::from_dyn_object(scope.clone()));
        let said = std::mem::take(&mut *scope.said());
        let problem = |message: String, hint: Option<String>| {
            Box::new(Diagnostic::error("unit-test-input", message).at(given.span, "").maybe_hint(hint))
        };
        let found = match (evaluated, said.refs.first(), said.sources.first()) {
            (Ok(_), Some(wanted), _) => self.resolver.find_ref(wanted, &self.inputs.package),
            (Ok(_), None, Some((source, table))) => self.resolver.find_source(source, table, &self.inputs.package),
            _ => {
                return Err(problem(format!("`{input}` is no input of a unit test"), Some(NO_INPUT.to_owned())));
            }
        };
        found.map(|index| &self.nodes[index]).ok_or_else(|| {
            let near = match (said.refs.first(), said.sources.first()) {
                (Some(wanted), _) => did_you_mean(&wanted.name, self.resolver.ref_names()),
                (None, Some((source, table))) => {
                    let names: Vec<String> = self.resolver.source_names().collect();
                    did_you_mean(&format!("{source}.{table}"), names.iter().map(String::as_str))
                }
                _ => None,
            };
            problem(format!("the unit test `{}` has the input {input}, which there is not", decl.name), near)
        })
    }

    /// The rows of a fixture. Where there are none for a seed, its own are meant.
    fn fixture(&self, decl: &UnitTestDecl, fixture: &FixtureDecl, is_seed: bool) -> Made<Fixture> {
        let file = fixture.file.as_deref().map(|name| self.file(decl, fixture, name)).transpose()?;
        let (rows, columns) = match (fixture.format, file, &fixture.rows) {
            (Format::Dict, None, None) if is_seed => (Rows::Seed, Vec::new()),
            (Format::Dict, None, Some(Json::Array(items))) if items.iter().all(Json::is_object) => {
                let rows = items.iter().filter_map(|row| row.as_object().cloned()).collect();
                (Rows::Table(rows), fixture.columns.clone())
            }
            (Format::Csv, Some((text, span)), _) => csv_rows(&text, span)?,
            (Format::Csv, None, Some(Json::String(text))) => csv_rows(text, fixture.span)?,
            (Format::Sql, Some((text, _)), _) => (Rows::Sql(text), Vec::new()),
            (Format::Sql, None, Some(Json::String(text))) => (Rows::Sql(text.clone()), Vec::new()),
            (format, _, _) => return Err(Box::new(wrong_form(decl, fixture, format))),
        };
        Ok(Fixture { format: fixture.format, rows, file: fixture.file.clone(), span: fixture.span, columns })
    }

    /// The text of a file in the folder `fixtures` of the tests.
    fn file(&self, decl: &UnitTestDecl, fixture: &FixtureDecl, name: &str) -> Made<(String, Span)> {
        let Some(file) = self.files.get(name) else {
            let folders: Vec<String> =
                self.inputs.settings.paths.tests.iter().map(|folder| format!("{folder}/fixtures")).collect();
            return Err(Box::new(
                bad(format!("there is no fixture `{name}` for the unit test `{}`", decl.name))
                    .at(fixture.span, "")
                    .hint(format!("it is a file of {}, named here without its ending", folders.join(" or ")))
                    .maybe_hint(did_you_mean(name, self.files.keys().copied())),
            ));
        };
        let ending = file.file.rsplit('.').next().unwrap_or_default().to_lowercase();
        if ending != fixture.format.as_str() {
            return Err(Box::new(
                bad(format!("the fixture `{name}` is {}, not of the format `{}`", file.file, fixture.format.as_str()))
                    .at(fixture.span, "")
                    .hint(format!("write `format: {ending}`")),
            ));
        }
        let span = file.span.unwrap_or(fixture.span);
        Ok((file.source.map(|id| self.inputs.sources.get(id).text.to_string()).unwrap_or_default(), span))
    }
}

/// Whether `versions` (`include` or `exclude`) means this one.
fn is_chosen(versions: &Json, model: &Node) -> bool {
    let Detail::Version { version, .. } = &model.detail else { return false };
    let names = |key: &str| versions[key].as_array().map(|items| items.iter().any(|v| text(v) == *version));
    match (names("exclude"), names("include")) {
        (Some(excluded), _) => !excluded,
        (None, Some(included)) => included,
        (None, None) => false,
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What the model does with `is_incremental` has to be said, as in dbt.
fn check_incremental(decl: &UnitTestDecl, model: &Node) -> Made<()> {
    if !model.raw_code.contains("is_incremental(") {
        return Ok(());
    }
    let set = decl.overrides.as_ref().and_then(|o| o.macros.get("is_incremental")).and_then(Json::as_bool);
    let this = decl.given.iter().any(|given| given.input.trim() == "this");
    let (problem, hint) = match set {
        None => ("does not say", "add `overrides: {macros: {is_incremental: true}}`, or `false`"),
        Some(true) if !this => ("says", "add what is there already: `given: [{input: this, rows: […]}]`"),
        Some(_) => return Ok(()),
    };
    let message = match set {
        None => format!("`{}` {problem} whether `{}` runs as incremental", decl.name, model.name),
        Some(_) => {
            format!("`{}` {problem} that `{}` runs as incremental, and has no input `this`", decl.name, model.name)
        }
    };
    Err(Box::new(bad(message).at(decl.span, "").hint(hint)))
}

fn wrong_form(decl: &UnitTestDecl, fixture: &FixtureDecl, format: Format) -> Diagnostic {
    let (wants, hint) = match format {
        Format::Dict => ("a list of mappings", "`rows: [{id: 1, name: ann}]`, or say `format: csv` or `format: sql`"),
        Format::Csv => ("CSV text", "`rows: |` and the lines below it, or `fixture:` and the name of a file"),
        Format::Sql => ("a query", "`rows: |` and the query below it, or `fixture:` and the name of a file"),
    };
    bad(format!("rows of the unit test `{}` are not {wants}", decl.name)).at(fixture.span, "").hint(hint)
}

/// Rows of CSV text, and where each column is named.
fn csv_rows(text: &str, at: Span) -> Made<(Rows, Vec<(String, Span)>)> {
    let (names, rows) = fixture::csv_rows(text)
        .map_err(|problem| Box::new(bad(format!("these rows are no CSV: {problem}")).at(at, "")))?;
    Ok((Rows::Table(rows), names.into_iter().map(|name| (name, at)).collect()))
}
