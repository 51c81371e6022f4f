//! Generic data tests: `unique` on a column becomes a node.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use karat_jinja::RenderOptions;
use md5::{Digest, Md5};
use minijinja::Value;
use rayon::prelude::*;
use regex::Regex;
use serde_json::{Map, Value as Json};

use crate::config::properties::{ColumnDecl, Patch, SourceDecl, TEST_CONFIG_KEYS, TestDecl};
use crate::config::tree;
use crate::config::yaml::is_template;
use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::discover::{Inputs, PropertiesFile, blank, describe, lift_config, naming, sql};
use crate::jinja::macros::MacroInfo;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Said, Scope};
use crate::load::{ProjectFile, hex};
use crate::node::{Detail, GenericTest, Node, NodeConfig, Ref, ResourceType};
use crate::source::Span;

/// Built-in tests whose SQL configures nothing and refers to nothing beyond their arguments.
const PLAIN_TESTS: [&str; 4] = ["unique", "not_null", "accepted_values", "relationships"];

/// What a test is declared on.
#[derive(Clone, Copy)]
enum Target<'a> {
    Node(&'a Patch, ResourceType),
    Source(&'a SourceDecl),
}

impl Target<'_> {
    fn patch(&self) -> &Patch {
        match self {
            Target::Node(patch, _) => patch,
            Target::Source(source) => &source.table,
        }
    }

    /// The name that goes into the test's own.
    fn name(&self) -> String {
        match self {
            Target::Node(Patch { name, version: Some(v), .. }, _) => format!("{name}_v{}", v.version),
            Target::Node(patch, _) => patch.name.clone(),
            Target::Source(s) => format!("{}_{}", s.source_name, s.table.name),
        }
    }

    fn model_argument(&self) -> String {
        match self {
            Target::Node(Patch { name, version: Some(v), .. }, _) => {
                format!("{{{{ get_where_subquery(ref('{name}', version='{}')) }}}}", v.version)
            }
            Target::Node(patch, _) => format!("{{{{ get_where_subquery(ref('{}')) }}}}", patch.name),
            Target::Source(s) => {
                format!("{{{{ get_where_subquery(source('{}', '{}')) }}}}", s.source_name, s.table.name)
            }
        }
    }

    fn file_key(&self) -> String {
        match self {
            Target::Node(patch, ResourceType::Seed) => format!("seeds.{}", patch.name),
            Target::Node(patch, ResourceType::Snapshot) => format!("snapshots.{}", patch.name),
            Target::Node(patch, _) => format!("models.{}", patch.name),
            Target::Source(s) => format!("sources.{}", s.source_name),
        }
    }
}

/// What can be tested, by name and version.
type Ids<'a> = HashMap<(&'a str, Option<&'a str>), &'a Node>;

/// The nodes of all generic tests.
pub(crate) fn nodes(inputs: &Inputs<'_>, properties: &[PropertiesFile], nodes: &[Node]) -> Checked<Vec<Node>> {
    let mut refable: Vec<&Node> = nodes.iter().filter(|n| n.resource_type.is_refable()).collect();
    refable.sort_by_key(|n| n.package == inputs.package);
    let ids: Ids<'_> = refable.into_iter().map(|n| ((n.name.as_str(), n.version().map(|(v, _)| v)), n)).collect();
    let made: Vec<Checked<Vec<Node>>> = properties.par_iter().map(|p| of_file(inputs, p, &ids)).collect();
    let mut diagnostics = Vec::new();
    let all = made.into_iter().flat_map(|m| m.unpack(&mut diagnostics)).collect();
    let value = without_twins(all, &mut diagnostics);
    Checked { value, diagnostics }
}

/// The same test declared twice is one node too many.
fn without_twins(all: Vec<Node>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node> {
    let mut seen: HashMap<String, Option<Span>> = HashMap::with_capacity(all.len());
    let mut kept = Vec::with_capacity(all.len());
    for node in all {
        match seen.get(&node.unique_id) {
            Some(first) => diagnostics.push(
                Diagnostic::error("duplicate-test", format!("the data test `{}` is declared twice", node.name))
                    .at(node.patch_span, "again here")
                    .at(*first, "first here")
                    .hint("remove one, or give one a `name:` of its own"),
            ),
            None => {
                seen.insert(node.unique_id.clone(), node.patch_span);
                kept.push(node);
            }
        }
    }
    kept
}

fn of_file(inputs: &Inputs<'_>, file: &PropertiesFile, ids: &Ids<'_>) -> Checked<Vec<Node>> {
    let mut diagnostics = Vec::new();
    let mut found = Vec::new();
    let patches = file.properties.patches.iter().filter_map(|p| Some(Target::Node(p, p.kind?)));
    for target in patches.chain(file.properties.sources.iter().map(Target::Source)) {
        let patch = target.patch();
        let on_columns = patch.columns.iter().flat_map(|c| c.tests.iter().map(move |t| (t, Some(c))));
        for (test, column) in on_columns.chain(patch.tests.iter().map(|t| (t, None))) {
            match one(inputs, &file.file, target, test, column, ids) {
                Ok(mut node) => {
                    (node.description, node.doc_blocks) =
                        describe::with_docs(inputs, &test.description, Some(test.span), &mut diagnostics);
                    found.push(node);
                }
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
    }
    Checked { value: found, diagnostics }
}

fn one(
    inputs: &Inputs<'_>,
    file: &ProjectFile,
    target: Target<'_>,
    test: &TestDecl,
    column: Option<&ColumnDecl>,
    ids: &Ids<'_>,
) -> Result<Node, Box<Diagnostic>> {
    let info = test_macro(inputs, test)?;
    let mut args = test.args.clone();
    if args.contains_key("model") {
        return Err(Box::new(
            Diagnostic::error("bad-test-arguments", format!("the test `{}` is given the argument `model`", test.name))
                .at(test.span, "here")
                .hint("karat passes it: the model that the test is declared on"),
        ));
    }
    if let Some(column) = column {
        let quoted =
            if column.quote == Some(true) { inputs.shared.dialect.quote(&column.name) } else { column.name.clone() };
        args.insert("column_name".into(), Json::String(quoted));
    }
    let (short, full) = match &test.custom_name {
        Some(name) => (name.clone(), name.clone()),
        None => synthetic_names(test, target, &args),
    };
    args.insert("model".into(), Json::String(target.model_argument()));
    let mut config = test.config.clone();
    render_config(inputs, &mut config, Some(test.span))?;
    if short != full && !config.contains_key("alias") {
        config.insert("alias".into(), Json::String(short.clone()));
    }
    let mut node = blank(inputs, ResourceType::Test, &full, file);
    node.unique_id = format!("test.{}.{full}.{}", node.package, metadata_hash(&full, test, &args));
    node.path = format!("{short}.sql");
    node.span = None;
    node.patch_span = Some(test.span);
    node.checksum = String::new();
    node.raw_code = raw_code(&info.name, test.namespace.as_deref(), &config).into();
    node.macros = vec![info.unique_id.clone()];
    node.relation_name = Some(String::new());
    let mut merged = inputs.tree_config(ResourceType::Test, &node.fqn);
    let declared = config.clone();
    let own_tags = NodeConfig { values: config.clone() }.strings("tags");
    tree::merge(&mut merged, config);
    node.config = NodeConfig { values: merged };
    let attached = match target {
        Target::Node(patch, _) => {
            let version = patch.version.as_ref().map(|v| v.version.as_str());
            ids.get(&(patch.name.as_str(), version)).map(|n| n.unique_id.clone())
        }
        Target::Source(_) => None,
    };
    node.detail = Detail::Test(Box::new(GenericTest {
        name: test.name.clone(),
        namespace: test.namespace.clone(),
        kwargs: args,
        column: column.map(|c| c.name.clone()),
        attached,
        file_key: target.file_key(),
        macro_id: info.unique_id.clone(),
        span: Some(test.span),
        column_span: column.map(|c| c.span),
    }));
    let mut own = learn(inputs, &mut node, target, info)?;
    own.push(declared);
    node.unrendered = inputs.unrendered(&node, None, &own);
    inputs.overrule(&mut node);
    let span = node.patch_span;
    render_config(inputs, &mut node.config.values, span)?;
    lift_config(&mut node);
    node.tags = tags(&node, inherited_tags(target, column), own_tags);
    naming::name(inputs, &mut node)?;
    Ok(node)
}

/// What a test is selected by besides its own tags: those of its column and of its source.
fn inherited_tags(target: Target<'_>, column: Option<&ColumnDecl>) -> Vec<String> {
    let mut tags = column.map(|c| c.tags.clone()).unwrap_or_default();
    if let Target::Source(source) = target {
        tags.extend(source.tags.iter().cloned());
    }
    tags
}

/// The tags of a test, each once: its own and those that it inherits, sorted, then those of the settings.
fn tags(node: &Node, inherited: Vec<String>, own: Vec<String>) -> Vec<String> {
    let mut tags: Vec<String> = inherited.into_iter().chain(own).collect();
    tags.sort();
    tags.dedup();
    for tag in &node.tags {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

fn test_macro<'a>(inputs: &'a Inputs<'_>, test: &TestDecl) -> Result<&'a MacroInfo, Box<Diagnostic>> {
    let macros = &inputs.shared.macros;
    let wanted = format!("test_{}", test.name);
    let found = match &test.namespace {
        Some(package) => macros.in_package(package, &wanted),
        None => macros.find_test(&inputs.package, &wanted),
    };
    found.ok_or_else(|| {
        let names = macros.names().filter_map(|n| n.strip_prefix("test_"));
        if let Some(package) = test.namespace.as_deref().filter(|p| !macros.has_package(p)) {
            let message =
                format!("there is no package `{package}`, so there is no data test `{package}.{}`", test.name);
            return Box::new(
                Diagnostic::error("unknown-test", message)
                    .at(test.span, "")
                    .hint("define the test in macros/ or tests/generic/ of the project, and name it without a package"),
            );
        }
        let package = test.namespace.as_deref().map(|p| format!("{p}.")).unwrap_or_default();
        Box::new(
            Diagnostic::error("unknown-test", format!("there is no data test `{package}{}`", test.name))
                .at(test.span, "")
                .hint(format!(
                    "define it: {{% test {}(model, column_name) %}} … {{% endtest %}} in macros/ or tests/generic/",
                    test.name
                ))
                .maybe_hint(did_you_mean(&test.name, names)),
        )
    })
}

/// Adds where a data test is declared to what went wrong in its macro. A macro that the declaration itself calls is
/// no call on the way: nobody wrote that call.
pub fn in_test(mut diagnostic: Diagnostic, span: Option<Span>) -> Diagnostic {
    diagnostic.calls.retain(|call| call.place.is_some());
    let first = diagnostic.labels.is_empty();
    diagnostic.at(span, if first { "" } else { "in this data test" })
}

/// Learns what the test refers to. The built-in tests say so by their arguments alone; any other is rendered. Returns the
/// settings that its macro makes.
fn learn(
    inputs: &Inputs<'_>,
    node: &mut Node,
    target: Target<'_>,
    info: &MacroInfo,
) -> Result<Vec<Map<String, Json>>, Box<Diagnostic>> {
    let builtin = inputs.shared.macros.is_builtin(info);
    let plain = builtin && PLAIN_TESTS.iter().any(|t| info.name.strip_prefix("test_") == Some(t));
    let Detail::Test(test) = &node.detail else { return Ok(Vec::new()) };
    if plain && !test.kwargs.iter().any(|(k, v)| k != "model" && holds_template(v)) {
        match target {
            Target::Node(patch, _) => {
                let version = patch.version.as_ref().map(|v| v.version.clone());
                node.refs.push(Ref { package: None, name: patch.name.clone(), version });
            }
            Target::Source(s) => node.sources.push((s.source_name.clone(), s.table.name.clone())),
        }
        return Ok(Vec::new());
    }
    let test = test.clone();
    let scope =
        Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::Draft(Arc::new(node.clone()))));
    let engine = inputs.shared.macros.engine();
    let failed = |e: &karat_jinja::JinjaError| Box::new(in_test(diagnose(e, None, &inputs.shared.macros), test.span));
    let kwargs = rendered_kwargs(&scope, &test.kwargs).map_err(|e| failed(&e))?;
    let mut own = Vec::new();
    if !plain {
        let context = Arc::new(Scope::again(&scope, HashMap::from([(KWARGS.to_owned(), kwargs)])));
        let code = call_code(&info.name, test.namespace.as_deref());
        let template = engine.compile(&node.unique_id, &code).map_err(|e| failed(&e))?;
        let options = RenderOptions { lenient_undefined: true };
        engine.render_compiled(&template, Value::from_dyn_object(context.clone()), options).map_err(|e| failed(&e))?;
        own = merge_said(node, std::mem::take(&mut *context.said()));
    }
    own.extend(merge_said(node, std::mem::take(&mut *scope.said())));
    Ok(own)
}

/// Adds what a template said to a test. Returns the settings that it made.
fn merge_said(node: &mut Node, said: Said) -> Vec<Map<String, Json>> {
    let set = said.config.clone();
    let own = std::mem::take(&mut node.config.values);
    let mut more = Node { config: NodeConfig::default(), ..node.clone() };
    sql::take(&mut more, said);
    // What the declaration sets wins over what the test's macro sets.
    let mut values = more.config.values;
    tree::merge(&mut values, own);
    node.config.values = values;
    node.refs.extend(more.refs);
    node.sources.extend(more.sources);
    for m in more.macros {
        if !node.macros.contains(&m) {
            node.macros.push(m);
        }
    }
    set
}

/// The name under which a generic test's template finds its arguments.
pub const KWARGS: &str = "_dbt_generic_test_kwargs";

/// `{{ test_unique(**_dbt_generic_test_kwargs) }}`.
pub fn call_code(macro_name: &str, namespace: Option<&str>) -> String {
    let package = namespace.map(|n| format!("{n}.")).unwrap_or_default();
    format!("{{{{ {package}{macro_name}(**{KWARGS}) }}}}")
}

static LOOKS_LIKE_CALL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(env_var|ref|var|source|doc)\s*\(.+\)\s*$").ok());

fn looks_like_call(text: &str) -> bool {
    LOOKS_LIKE_CALL.as_ref().is_some_and(|r| r.is_match(text))
}

fn holds_template(value: &Json) -> bool {
    match value {
        Json::String(text) => is_template(text) || looks_like_call(text),
        Json::Array(items) => items.iter().any(holds_template),
        Json::Object(map) => map.values().any(holds_template),
        _ => false,
    }
}

/// The arguments of a test with templates and texts such as `ref('orders')` evaluated, as dbt does.
pub fn rendered_kwargs(scope: &Arc<Scope>, kwargs: &Map<String, Json>) -> Result<Value, karat_jinja::JinjaError> {
    let mut pairs = Vec::with_capacity(kwargs.len());
    for (key, value) in kwargs {
        let rendered = match value {
            Json::String(text) if key == "column_name" => Value::from(text.as_str()),
            other => rendered(scope, other)?,
        };
        pairs.push((Value::from(key.as_str()), rendered));
    }
    Ok(karat_jinja::dict(pairs))
}

fn rendered(scope: &Arc<Scope>, value: &Json) -> Result<Value, karat_jinja::JinjaError> {
    let engine = scope.shared.macros.engine();
    match value {
        Json::String(text) if looks_like_call(text) => {
            engine.eval_expression(text, Value::from_dyn_object(scope.clone()))
        }
        Json::String(text) if is_template(text) => engine.eval_native(text, Value::from_dyn_object(scope.clone())),
        Json::Array(items) => {
            Ok(karat_jinja::list(items.iter().map(|v| rendered(scope, v)).collect::<Result<Vec<_>, _>>()?))
        }
        Json::Object(map) => {
            let pairs: Result<Vec<_>, _> =
                map.iter().map(|(k, v)| Ok((Value::from(k.as_str()), rendered(scope, v)?))).collect();
            Ok(karat_jinja::dict(pairs?))
        }
        other => Ok(karat_jinja::from_json(other.clone())),
    }
}

/// Renders templates in the settings of a test (`where: "{{ var('x') }}"` …).
fn render_config(
    inputs: &Inputs<'_>,
    values: &mut Map<String, Json>,
    span: Option<Span>,
) -> Result<(), Box<Diagnostic>> {
    if !values.values().any(holds_template) {
        return Ok(());
    }
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::None));
    let engine = inputs.shared.macros.engine();
    for value in values.values_mut() {
        let Json::String(text) = value else { continue };
        if !is_template(text) {
            continue;
        }
        let result =
            engine.eval_native(text, Value::from_dyn_object(scope.clone())).and_then(|v| karat_jinja::to_json(&v));
        match result {
            Ok(json) => *value = json,
            Err(e) => {
                let diagnostic = diagnose(&e, None, &inputs.shared.macros);
                return Err(Box::new(diagnostic.at(span, "in the settings of this data test")));
            }
        }
    }
    Ok(())
}

/// Short name (for files) and full name (for ids), by dbt's rule: test, target, then the arguments by name.
fn synthetic_names(test: &TestDecl, target: Target<'_>, args: &Map<String, Json>) -> (String, String) {
    let source = if matches!(target, Target::Source(_)) { "source_" } else { "" };
    let package = test.namespace.as_deref().map(|n| format!("{n}_")).unwrap_or_default();
    let identifier = format!("{package}{source}{}_{}", test.name, target.name());
    let mut keys: Vec<&String> = args.keys().collect();
    keys.sort();
    let mut parts = Vec::new();
    for key in keys {
        match &args[key] {
            Json::Object(map) => parts.extend(map.values().map(py_str)),
            Json::Array(items) => parts.extend(items.iter().map(py_str)),
            one => parts.push(py_str(one)),
        }
    }
    let clean: Vec<String> = parts.iter().map(|p| clean(p)).collect();
    let full = format!("{identifier}_{}", clean.join("__"));
    if full.chars().count() < 64 {
        return (full.clone(), full);
    }
    let head: String = identifier.chars().take(30).collect();
    (format!("{head}_{}", md5_hex(&full)), full)
}

/// Every run of other characters becomes one underscore.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_run = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
            in_run = false;
        } else if !in_run {
            out.push('_');
            in_run = true;
        }
    }
    out
}

fn md5_hex(text: &str) -> String {
    hex(&Md5::digest(text))
}

/// Python's `str` of plain data.
fn py_str(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(n) if !n.is_f64() => n.to_string(),
        other => karat_jinja::py_str(&karat_jinja::from_json(other.clone())),
    }
}

/// The last ten digits of the md5 of name and metadata, which tells apart tests of one name (dbt's `test_hash`).
fn metadata_hash(name: &str, test: &TestDecl, kwargs: &Map<String, Json>) -> String {
    let mut text = String::from(name);
    text.push_str("{'kwargs': ");
    hashable_map(kwargs, &mut text);
    text.push_str(", 'name': ");
    text.push_str(&py_repr(&test.name));
    text.push_str(", 'namespace': ");
    text.push_str(&py_repr(test.namespace.as_deref().unwrap_or("None")));
    text.push('}');
    let digest = md5_hex(&text);
    digest[digest.len() - 10..].to_owned()
}

fn hashable(value: &Json, out: &mut String) {
    match value {
        Json::Object(map) => hashable_map(map, out),
        Json::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                hashable(item, out);
            }
            out.push(']');
        }
        Json::String(text) => out.push_str(&py_repr(text)),
        leaf => out.push_str(&py_repr(&py_str(leaf))),
    }
}

fn hashable_map(map: &Map<String, Json>, out: &mut String) {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort();
    out.push('{');
    for (i, key) in keys.into_iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        out.push_str(&py_repr(key));
        out.push_str(": ");
        hashable(&map[key], out);
    }
    out.push('}');
}

/// Python's `repr` of a text.
fn py_repr(text: &str) -> String {
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'\'' | b'\\'));
    if plain { format!("'{text}'") } else { karat_jinja::py_repr(&Value::from(text)) }
}

/// The template that stands for the test in the manifest.
fn raw_code(macro_name: &str, namespace: Option<&str>, config: &Map<String, Json>) -> String {
    let mut code = call_code(macro_name, namespace);
    if !config.is_empty() {
        let place = |key: &str| TEST_CONFIG_KEYS.iter().position(|known| *known == key).unwrap_or(usize::MAX);
        let mut config: Vec<(&String, &Json)> = config.iter().collect();
        config.sort_by_key(|(key, _)| place(key));
        let items: Vec<String> = config
            .iter()
            .map(|(k, v)| match v {
                Json::String(text) => format!("{k}=\"{}\"", text.replace('"', "\\\"")),
                other => format!("{k}={}", py_str(other)),
            })
            .collect();
        code += &format!("{{{{ config({}) }}}}", items.join(","));
    }
    code
}
