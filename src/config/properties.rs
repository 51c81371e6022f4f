//! Properties files: what any `.yml` below the resource folders says about nodes, sources, exposures.

mod unit;
mod versions;

use std::collections::{BTreeSet, HashMap};

use dbt_yaml::Value;
use serde_json::{Map, Value as Json};

use crate::config::freshness::{self, Level};
use crate::config::yaml::{self, Fields, Render, span_of};
use crate::diagnostic::{Checked, Diagnostic};
use crate::freshness::{Declared, merge};
use crate::node::ResourceType;
use crate::source::{SourceId, Span};
pub use unit::{FixtureDecl, GivenDecl, UnitTestDecl};
pub use versions::VersionDecl;

/// What one properties file declares.
#[derive(Debug, Default)]
pub struct Properties {
    /// Descriptions, columns, tests and settings of nodes that have a file of their own.
    pub patches: Vec<Patch>,
    /// Source tables.
    pub sources: Vec<SourceDecl>,
    /// Exposures.
    pub exposures: Vec<ExposureDecl>,
    /// Metrics, semantic models, saved queries.
    pub semantics: Vec<SemanticDecl>,
    /// Groups.
    pub groups: Vec<GroupDecl>,
    /// Unit tests.
    pub unit_tests: Vec<UnitTestDecl>,
}

/// A metric, semantic model or saved query as declared.
#[derive(Debug, Clone)]
pub struct SemanticDecl {
    /// Which of them.
    pub kind: ResourceType,
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// All of it.
    pub json: Map<String, Json>,
}

/// What is said about one node or macro.
#[derive(Debug, Clone)]
pub struct Patch {
    /// What the node is; `None` for a macro.
    pub kind: Option<ResourceType>,
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Description, not rendered.
    pub description: String,
    /// Where the description stands.
    pub description_span: Option<Span>,
    /// Its columns.
    pub columns: Vec<ColumnDecl>,
    /// Data tests of the node as a whole.
    pub tests: Vec<TestDecl>,
    /// Settings: `config:` and the keys that dbt takes at the top level.
    pub config: Map<String, Json>,
    /// The arguments of a macro or function, as written.
    pub arguments: Option<Json>,
    /// What a function gives, as written.
    pub returns: Option<Json>,
    /// `time_spine`, as written.
    pub time_spine: Option<Json>,
    /// Constraints of the node as a whole, as written.
    pub constraints: Vec<Json>,
    /// `deprecation_date:`, as written.
    pub deprecation_date: Option<(String, Span)>,
    /// Which version of the model it is about.
    pub version: Option<VersionDecl>,
    /// What a snapshot without a template of its own is of: `ref('orders')`.
    pub relation: Option<(String, Span)>,
}

/// One group as declared.
#[derive(Debug, Clone)]
pub struct GroupDecl {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Description, not rendered.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Map<String, Json>,
    /// Its settings.
    pub config: Map<String, Json>,
}

/// What is said about one column.
#[derive(Debug, Clone)]
pub struct ColumnDecl {
    /// Its name, as written.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Description, not rendered.
    pub description: String,
    /// Where the description stands.
    pub description_span: Option<Span>,
    /// Its declared type.
    pub data_type: Option<String>,
    /// Whether the name is to be quoted.
    pub quote: Option<bool>,
    /// Free data.
    pub meta: Map<String, Json>,
    /// Its tags, which its tests get too.
    pub tags: Vec<String>,
    /// `granularity`.
    pub granularity: Option<String>,
    /// Constraints, as written.
    pub constraints: Vec<Json>,
    /// Data tests of the column.
    pub tests: Vec<TestDecl>,
}

/// One data test as declared.
#[derive(Debug, Clone)]
pub struct TestDecl {
    /// The test's name, without a package.
    pub name: String,
    /// The package named before it.
    pub namespace: Option<String>,
    /// A name of its own: `name:`.
    pub custom_name: Option<String>,
    /// Its arguments, as written.
    pub args: Map<String, Json>,
    /// Its settings.
    pub config: Map<String, Json>,
    /// Description, not rendered.
    pub description: String,
    /// Where it stands.
    pub span: Span,
}

/// One table of a source, with what it inherits from the source.
#[derive(Debug, Clone)]
pub struct SourceDecl {
    /// The source's name.
    pub source_name: String,
    /// The table.
    pub table: Patch,
    /// `description:` of the source.
    pub source_description: String,
    /// `database:`.
    pub database: Option<String>,
    /// `schema:`.
    pub schema: Option<String>,
    /// The two as written, where they hold templates.
    pub unrendered: (Option<String>, Option<String>),
    /// `identifier:` of the table.
    pub identifier: Option<String>,
    /// `loader:`.
    pub loader: String,
    /// `meta:` of the source.
    pub source_meta: Map<String, Json>,
    /// `meta:` of source and table together.
    pub meta: Map<String, Json>,
    /// Tags of source and table, sorted.
    pub tags: BTreeSet<String>,
    /// `config:` of the source, before that of the table.
    pub source_config: Map<String, Json>,
    /// `loaded_at_field`.
    pub loaded_at_field: Option<String>,
    /// `loaded_at_query`, not rendered.
    pub loaded_at_query: Option<String>,
    /// `freshness` of source and table together.
    pub freshness: Declared,
    /// `external`, as written.
    pub external: Option<Json>,
    /// `quoting`, merged.
    pub quoting: Map<String, Json>,
}

/// One exposure as declared.
#[derive(Debug, Clone)]
pub struct ExposureDecl {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Description, not rendered.
    pub description: String,
    /// `type:`.
    pub kind: String,
    /// Where the type stands.
    pub kind_span: Option<Span>,
    /// `owner:`.
    pub owner: Map<String, Json>,
    /// `maturity:`.
    pub maturity: Option<String>,
    /// `url:`.
    pub url: Option<String>,
    /// `label:`.
    pub label: Option<String>,
    /// Expressions such as `ref('orders')`.
    pub depends_on: Vec<(String, Span)>,
    /// Free data beside the settings.
    pub meta: Map<String, Json>,
    /// Tags beside the settings.
    pub tags: Vec<String>,
    /// Its settings.
    pub config: Map<String, Json>,
}

const FILE_KEYS: [&str; 17] = [
    "version",
    "models",
    "seeds",
    "snapshots",
    "analyses",
    "macros",
    "sources",
    "exposures",
    "metrics",
    "semantic_models",
    "saved_queries",
    "groups",
    "unit_tests",
    "data_tests",
    "functions",
    "anchors",
    "tests",
];
const GROUP_KEYS: [&str; 4] = ["name", "owner", "description", "config"];
const NODE_KEYS: [&str; 34] = [
    "name",
    "description",
    "columns",
    "tests",
    "data_tests",
    "config",
    "contract",
    "docs",
    "meta",
    "tags",
    "arguments",
    "returns",
    "access",
    "group",
    "latest_version",
    "versions",
    "constraints",
    "deprecation_date",
    "time_spine",
    "relation",
    "strategy",
    "unique_key",
    "updated_at",
    "enabled",
    "identifier",
    "file",
    "type",
    "primary_key",
    "agg_time_dimension",
    "primary_entity",
    "derived_semantics",
    "semantic_model",
    "metrics",
    "data_type",
];
const COLUMN_KEYS: [&str; 15] = [
    "name",
    "description",
    "data_type",
    "tests",
    "data_tests",
    "meta",
    "tags",
    "quote",
    "constraints",
    "config",
    "granularity",
    "policy_tags",
    "dimension",
    "entity",
    "type",
];
const SOURCE_KEYS: [&str; 18] = [
    "name",
    "description",
    "database",
    "schema",
    "loader",
    "tables",
    "meta",
    "tags",
    "config",
    "quoting",
    "freshness",
    "loaded_at_field",
    "loaded_at_query",
    "overrides",
    "enabled",
    "tests",
    "data_tests",
    "external",
];
const TABLE_KEYS: [&str; 17] = [
    "name",
    "description",
    "identifier",
    "columns",
    "tests",
    "data_tests",
    "meta",
    "tags",
    "config",
    "quoting",
    "freshness",
    "loaded_at_field",
    "loaded_at_query",
    "external",
    "loader",
    "docs",
    "enabled",
];
const EXPOSURE_KEYS: [&str; 13] = [
    "name",
    "description",
    "type",
    "owner",
    "maturity",
    "url",
    "label",
    "depends_on",
    "meta",
    "tags",
    "config",
    "enabled",
    "docs",
];
/// Parts of a file, what they declare, the keys of an entry, and those that it has to have.
type Part = (&'static str, ResourceType, &'static [&'static str], &'static [&'static str]);

const SEMANTICS: [Part; 3] = [
    (
        "metrics",
        ResourceType::Metric,
        &[
            "name",
            "label",
            "description",
            "type",
            "type_params",
            "filter",
            "time_granularity",
            "meta",
            "tags",
            "config",
        ],
        &["label", "type", "type_params"],
    ),
    (
        "semantic_models",
        ResourceType::SemanticModel,
        &[
            "name",
            "label",
            "description",
            "model",
            "config",
            "defaults",
            "entities",
            "measures",
            "dimensions",
            "primary_entity",
        ],
        &["model"],
    ),
    (
        "saved_queries",
        ResourceType::SavedQuery,
        &["name", "label", "description", "query_params", "exports", "config", "tags"],
        &["query_params"],
    ),
];
/// Settings of a data test that may stand beside its arguments.
/// The settings of a data test that may stand among its arguments, in the order in which dbt tells them.
pub const TEST_CONFIG_KEYS: [&str; 14] = [
    "severity",
    "tags",
    "enabled",
    "where",
    "limit",
    "warn_if",
    "error_if",
    "fail_calc",
    "store_failures",
    "store_failures_as",
    "meta",
    "database",
    "schema",
    "alias",
];

struct Reader {
    id: SourceId,
    diagnostics: Vec<Diagnostic>,
}

/// Reads one properties file. Templates are rendered, except in descriptions and the arguments of tests.
pub fn read(id: SourceId, mut root: Value, with: Render<'_>) -> Checked<Properties> {
    let skip = |path: &[String]| {
        let filters = match path[0].as_str() {
            "metrics" => path.last().is_some_and(|key| key == "filter"),
            "saved_queries" => path[1..] == ["query_params", "where"],
            _ => false,
        };
        // A column or a key of one's own may be called `description`.
        let is_data = path[1..].first().is_some_and(|key| key == "config") && path.len() > 3;
        filters
            || !is_data
                && path.last().is_some_and(|k| {
                    matches!(
                        k.as_str(),
                        "description"
                            | "tests"
                            | "data_tests"
                            | "loaded_at_query"
                            | "pre-hook"
                            | "post-hook"
                            | "pre_hook"
                            | "post_hook"
                    )
                })
    };
    let written = schemas_as_written(&root);
    let diagnostics = yaml::render(id, &mut root, &mut Vec::new(), with, &skip);
    let mut reader = Reader { id, diagnostics };
    let mut value = reader.file(&root);
    for source in &mut value.sources {
        if let Some(found) = written.get(&source.source_name) {
            source.unrendered.clone_from(found);
        }
    }
    Checked { value, diagnostics: reader.diagnostics }
}

/// Database and schema of sources that hold templates, by the name of the source.
fn schemas_as_written(root: &Value) -> HashMap<String, (Option<String>, Option<String>)> {
    let sources = root.get("sources").and_then(Value::as_sequence).into_iter().flatten();
    let template = |source: &Value, key: &str| {
        let text = source.get(key).and_then(Value::as_str).filter(|text| yaml::is_template(text));
        text.map(str::to_owned)
    };
    let found = sources.filter_map(|source| {
        let (database, schema) = (template(source, "database"), template(source, "schema"));
        let is_one = database.is_some() || schema.is_some();
        Some((source.get("name")?.as_str()?.to_owned(), (database, schema))).filter(|_| is_one)
    });
    found.collect()
}

impl Reader {
    fn fields<'a>(&mut self, value: &'a Value, what: &'a str) -> Option<Fields<'a>> {
        Fields::new(self.id, value, what).map_err(|d| self.diagnostics.push(*d)).ok()
    }

    fn file(&mut self, root: &Value) -> Properties {
        let mut found = Properties::default();
        let Some(mut f) = self.fields(root, "a properties file") else { return found };
        for (key, kind) in [
            ("models", Some(ResourceType::Model)),
            ("seeds", Some(ResourceType::Seed)),
            ("snapshots", Some(ResourceType::Snapshot)),
            ("analyses", Some(ResourceType::Analysis)),
            ("data_tests", Some(ResourceType::Test)),
            ("functions", Some(ResourceType::Function)),
            ("macros", None),
        ] {
            for value in f.list(key) {
                let Some(patch) = self.patch(value, kind, &NODE_KEYS) else { continue };
                found.patches.extend(self.versions(patch, value));
            }
        }
        for value in f.list("sources") {
            self.source(value, &mut found.sources);
        }
        for value in f.list("exposures") {
            found.exposures.extend(self.exposure(value));
        }
        for (key, kind, known, required) in SEMANTICS {
            for value in f.list(key) {
                found.semantics.extend(self.semantic(value, kind, known, required));
            }
        }
        for value in f.list("groups") {
            found.groups.extend(self.group(value));
        }
        for value in f.list("unit_tests") {
            found.unit_tests.extend(self.unit_test(value));
        }
        self.diagnostics.extend(f.finish(&FILE_KEYS));
        found
    }

    fn group(&mut self, value: &Value) -> Option<GroupDecl> {
        let mut f = self.fields(value, "this group")?;
        let name = f.required("name", value);
        if f.get("owner").is_none() {
            f.required("owner", value);
        }
        let group = GroupDecl {
            name: name.clone().unwrap_or_default(),
            span: f.get("name").map_or_else(|| span_of(self.id, value), |v| span_of(self.id, v)),
            description: f.text("description"),
            owner: f.object("owner"),
            config: f.object("config"),
        };
        self.diagnostics.extend(f.finish(&GROUP_KEYS));
        name.map(|_| group)
    }

    fn patch(&mut self, value: &Value, kind: Option<ResourceType>, known: &[&str]) -> Option<Patch> {
        let what = match kind {
            Some(ResourceType::Model) => "this model",
            Some(ResourceType::Seed) => "this seed",
            Some(ResourceType::Source) => "this source table",
            Some(ResourceType::Test) => "this data test",
            Some(ResourceType::Function) => "this function",
            None => "this macro",
            _ => "this entry",
        };
        let mut f = self.fields(value, what)?;
        let name = f.required("name", value);
        let mut config = f.object("config");
        for key in ["docs", "meta", "tags", "access", "group", "contract", "enabled"] {
            lift(&f, key, &mut config);
        }
        let columns = self.columns(f.list("columns"));
        let tests = self.tests(&mut f);
        let span = f.get("name").map_or_else(|| span_of(self.id, value), |v| span_of(self.id, v));
        let patch = Patch {
            kind,
            name: name.clone().unwrap_or_default(),
            span,
            description: f.text("description").unwrap_or_default(),
            description_span: f.value_span("description"),
            columns,
            tests,
            config,
            arguments: f.get("arguments").map(yaml::to_json),
            returns: f.get("returns").map(yaml::to_json),
            time_spine: f.get("time_spine").map(yaml::to_json),
            constraints: f.list("constraints").iter().map(yaml::to_json).collect(),
            deprecation_date: f
                .text("deprecation_date")
                .map(|date| (date, f.value_span("deprecation_date").unwrap_or(span))),
            version: None,
            relation: f.get("relation").and_then(|v| Some((yaml::scalar_text(v)?, span_of(self.id, v)))),
        };
        self.diagnostics.extend(f.finish(known));
        name.map(|_| patch)
    }

    fn columns<'a>(&mut self, values: impl IntoIterator<Item = &'a Value>) -> Vec<ColumnDecl> {
        let mut found = Vec::new();
        for value in values {
            let Some(mut c) = self.fields(value, "this column") else { continue };
            let name = c.required("name", value);
            let config = c.object("config");
            let mut tags = c.texts("tags");
            tags.extend(crate::node::NodeConfig { values: config.clone() }.strings("tags"));
            let mut meta = c.object("meta");
            if let Some(Json::Object(more)) = config.get("meta") {
                meta.extend(more.clone());
            }
            let tests = self.tests(&mut c);
            let span = c.get("name").map_or_else(|| span_of(self.id, value), |v| span_of(self.id, v));
            let column = ColumnDecl {
                name: name.clone().unwrap_or_default(),
                span,
                description: c.text("description").unwrap_or_default(),
                description_span: c.value_span("description"),
                data_type: c.text("data_type"),
                quote: c.bool("quote"),
                meta,
                tags,
                granularity: c.text("granularity"),
                constraints: c.list("constraints").iter().map(yaml::to_json).collect(),
                tests,
            };
            self.diagnostics.extend(c.finish(&COLUMN_KEYS));
            if name.is_some() {
                found.push(column);
            }
        }
        found
    }

    fn tests(&mut self, f: &mut Fields<'_>) -> Vec<TestDecl> {
        let mut found = Vec::new();
        for key in ["tests", "data_tests"] {
            for value in f.list(key) {
                found.extend(self.test(value));
            }
        }
        found
    }

    fn test(&mut self, value: &Value) -> Option<TestDecl> {
        let span = span_of(self.id, value);
        let (full_name, body, span) = match value {
            Value::String(name, _) => (name.clone(), Map::new(), span),
            Value::Mapping(map, _) if map.contains_key("test_name") => {
                let mut body = yaml::map_to_json(map);
                let name = body.shift_remove("test_name").and_then(|v| v.as_str().map(str::to_owned))?;
                (name, body, span)
            }
            Value::Mapping(map, _) => {
                let (key, inner) = map.iter().next()?;
                let body = inner.as_mapping().map(yaml::map_to_json).unwrap_or_default();
                let rest = map.iter().skip(1).map(|(k, v)| (yaml::key_text(k), yaml::to_json(v)));
                if !(inner.is_mapping() || inner.is_null()) {
                    return self.bad_test(span_of(self.id, inner), yaml::kind(inner));
                }
                (yaml::key_text(key), body.into_iter().chain(rest).collect(), yaml::key_span(self.id, key))
            }
            other => return self.bad_test(span, yaml::kind(other)),
        };
        let (namespace, name) = match full_name.split_once('.') {
            Some((package, name)) => (Some(package.to_owned()), name.to_owned()),
            None => (None, full_name),
        };
        Some(test_decl(name, namespace, body, span))
    }

    fn bad_test<T>(&mut self, span: Span, found: &str) -> Option<T> {
        self.diagnostics.push(
            Diagnostic::error("wrong-type", "a data test is a name, or a name with its arguments below it")
                .at(span, format!("this is {found}"))
                .hint("`- unique`, or `- accepted_values: {arguments: {values: [a, b]}}`"),
        );
        None
    }

    fn source(&mut self, value: &Value, found: &mut Vec<SourceDecl>) {
        let Some(mut s) = self.fields(value, "this source") else { return };
        let Some(source_name) = s.required("name", value) else {
            self.diagnostics.extend(s.finish(&SOURCE_KEYS));
            return;
        };
        let mut source_config = s.object("config");
        let source_meta = merged_meta(s.object("meta"), &source_config);
        let quoting = s.object("quoting");
        lift(&s, "enabled", &mut source_config);
        let Some(above) = Level::of(value) else { return };
        let limits = freshness::read(self.id, above, &mut self.diagnostics);
        for table in s.list("tables") {
            let Some(patch) = self.patch(table, Some(ResourceType::Source), &TABLE_KEYS) else { continue };
            let Some(mut t) = self.fields(table, "this source table") else { continue };
            let Some(own) = Level::of(table) else { continue };
            let own_limits = freshness::read(self.id, own, &mut self.diagnostics);
            let (loaded_at_field, loaded_at_query) = freshness::loaded_at(above, own);
            let tags = above.values("tags").chain(own.values("tags")).flat_map(texts).collect();
            let mut meta = source_meta.clone();
            meta.extend(own.values("meta").filter_map(Value::as_mapping).flat_map(yaml::map_to_json));
            let mut quoting = quoting.clone();
            quoting.extend(t.object("quoting"));
            found.push(SourceDecl {
                source_name: source_name.clone(),
                source_description: s.text("description").unwrap_or_default(),
                database: s.text("database"),
                schema: s.text("schema"),
                unrendered: (None, None),
                identifier: t.text("identifier"),
                loader: t.text("loader").or_else(|| s.text("loader")).unwrap_or_default(),
                source_meta: source_meta.clone(),
                meta,
                tags,
                source_config: source_config.clone(),
                loaded_at_field,
                loaded_at_query,
                freshness: merge(limits.iter().cloned().chain(own_limits)),
                external: t.get("external").or_else(|| s.get("external")).map(yaml::to_json),
                quoting,
                table: patch,
            });
        }
        self.diagnostics.extend(s.finish(&SOURCE_KEYS));
    }

    fn semantic(
        &mut self,
        value: &Value,
        kind: ResourceType,
        known: &[&str],
        required: &[&str],
    ) -> Option<SemanticDecl> {
        let what = match kind {
            ResourceType::Metric => "this metric",
            ResourceType::SemanticModel => "this semantic model",
            _ => "this saved query",
        };
        let mut f = self.fields(value, what)?;
        let name = f.required("name", value);
        let missing: Vec<&&str> = required.iter().filter(|key| f.get(key).is_none()).collect();
        for key in &missing {
            f.diagnostics.push(
                Diagnostic::error("missing-key", format!("{what} has no `{key}`"))
                    .at(span_of(self.id, value), "")
                    .hint(format!("add `{key}: …`")),
            );
        }
        let span = f.value_span("name").unwrap_or_else(|| span_of(self.id, value));
        let json = yaml::map_to_json(f.map());
        let is_whole = missing.is_empty();
        self.diagnostics.extend(f.finish(known));
        name.filter(|_| is_whole).map(|name| SemanticDecl { kind, name, span, json })
    }

    fn exposure(&mut self, value: &Value) -> Option<ExposureDecl> {
        let mut f = self.fields(value, "this exposure")?;
        let name = f.required("name", value);
        let kind = f.required("type", value).unwrap_or_default();
        if f.get("owner").is_none() {
            f.required("owner", value);
        }
        let mut config = f.object("config");
        lift(&f, "enabled", &mut config);
        let span = f.get("name").map_or_else(|| span_of(self.id, value), |v| span_of(self.id, v));
        let depends_on =
            f.list("depends_on").iter().filter_map(|v| Some((yaml::scalar_text(v)?, span_of(self.id, v)))).collect();
        let exposure = ExposureDecl {
            name: name.clone().unwrap_or_default(),
            span,
            description: f.text("description").unwrap_or_default(),
            kind,
            kind_span: f.value_span("type"),
            owner: f.object("owner"),
            maturity: f.text("maturity"),
            url: f.text("url"),
            label: f.text("label"),
            depends_on,
            meta: f.object("meta"),
            tags: f.texts("tags"),
            config,
        };
        self.diagnostics.extend(f.finish(&EXPOSURE_KEYS));
        name.map(|_| exposure)
    }
}

/// Moves a top-level key among the settings, where dbt keeps it.
fn lift(f: &Fields<'_>, key: &str, config: &mut Map<String, Json>) {
    if let Some(value) = f.get(key) {
        let mut level = Map::new();
        level.insert(key.to_owned(), yaml::to_json(value));
        crate::config::tree::merge(config, level);
    }
}

fn merged_meta(mut meta: Map<String, Json>, config: &Map<String, Json>) -> Map<String, Json> {
    if let Some(Json::Object(more)) = config.get("meta") {
        meta.extend(more.clone());
    }
    meta
}

/// A list of texts, or one text.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Sequence(items, _) => items.iter().filter_map(yaml::scalar_text).collect(),
        one => yaml::scalar_text(one).into_iter().collect(),
    }
}

fn test_decl(name: String, namespace: Option<String>, mut body: Map<String, Json>, span: Span) -> TestDecl {
    let take_text =
        |body: &mut Map<String, Json>, key: &str| body.shift_remove(key).and_then(|v| v.as_str().map(str::to_owned));
    // As in dbt, an argument that is called like a setting (`limit`) is that setting.
    if let Some(Json::Object(args)) = body.shift_remove("arguments") {
        body.extend(args);
    }
    let custom_name = take_text(&mut body, "name");
    let description = take_text(&mut body, "description").unwrap_or_default();
    let mut config = match body.shift_remove("config") {
        Some(Json::Object(map)) => map,
        _ => Map::new(),
    };
    for key in TEST_CONFIG_KEYS {
        if let Some(value) = body.shift_remove(key) {
            config.insert(key.to_owned(), value);
        }
    }
    TestDecl { name, namespace, custom_name, args: body, config, description, span }
}
