//! The things a project is made of: models, seeds, sources, data tests, exposures …
//!
//! A [`Node`] is plain data. [`discover`](crate::discover) makes it, every later stage reads it.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use karat_adapters::RelationName;
use serde_json::{Map, Value as Json};

use crate::freshness::Freshness;
use crate::source::Span;
use crate::unit_test::UnitTest;

/// What a node is. The names are dbt's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceType {
    /// A SQL model.
    Model,
    /// A CSV file.
    Seed,
    /// A snapshot of a changing table.
    Snapshot,
    /// A data test.
    Test,
    /// A query that is compiled and never run.
    Analysis,
    /// A hook of the project (`on-run-start`, `on-run-end`).
    Operation,
    /// A table that is there already.
    Source,
    /// A dashboard, notebook, application … that reads the project.
    Exposure,
    /// A unit test of a model.
    UnitTest,
    /// A figure that is computed of models.
    Metric,
    /// What of a model can be measured.
    SemanticModel,
    /// A query of metrics.
    SavedQuery,
    /// A function of the warehouse.
    Function,
}

impl ResourceType {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 13] = [
        Self::Model,
        Self::Seed,
        Self::Snapshot,
        Self::Test,
        Self::Analysis,
        Self::Operation,
        Self::Source,
        Self::Exposure,
        Self::UnitTest,
        Self::Metric,
        Self::SemanticModel,
        Self::SavedQuery,
        Self::Function,
    ];

    /// dbt's name for it, as in `resource_type` of the manifest and at the start of a unique id.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Seed => "seed",
            Self::Snapshot => "snapshot",
            Self::Test => "test",
            Self::Analysis => "analysis",
            Self::Operation => "operation",
            Self::Source => "source",
            Self::Exposure => "exposure",
            Self::UnitTest => "unit_test",
            Self::Metric => "metric",
            Self::SemanticModel => "semantic_model",
            Self::SavedQuery => "saved_query",
            Self::Function => "function",
        }
    }

    /// Whether it tests another node, of data or of a model.
    pub fn is_test(self) -> bool {
        matches!(self, Self::Test | Self::UnitTest)
    }

    /// Whether it is declared only: it has no SQL and nothing of it is built.
    pub fn is_declared(self) -> bool {
        self == Self::Source || self.is_reader()
    }

    /// Whether it stands for something outside of the project that reads it.
    pub fn is_reader(self) -> bool {
        self == Self::Exposure || self.is_semantic()
    }

    /// Whether it belongs to the semantic layer.
    pub fn is_semantic(self) -> bool {
        matches!(self, Self::Metric | Self::SemanticModel | Self::SavedQuery)
    }

    /// Whether other nodes can `ref` it.
    pub fn is_refable(self) -> bool {
        matches!(self, Self::Model | Self::Seed | Self::Snapshot)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One `ref(...)` of a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ref {
    /// The package named, if one was.
    pub package: Option<String>,
    /// The node's name.
    pub name: String,
    /// The version asked for.
    pub version: Option<String>,
}

/// The configuration of a node: the merged settings of project, properties and template.
///
/// Only keys that were set are in [`NodeConfig::values`]; the accessors know dbt's defaults.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NodeConfig {
    /// What was set, by key, in the order in which it was set.
    pub values: Map<String, Json>,
}

/// A column as a properties file documents it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnDoc {
    /// Its name, as written.
    pub name: String,
    /// Its description, rendered.
    pub description: String,
    /// Unique ids of the `{% docs %}` blocks in it.
    pub doc_blocks: Vec<String>,
    /// Its declared type.
    pub data_type: Option<String>,
    /// Whether the name is to be quoted.
    pub quote: Option<bool>,
    /// Free data.
    pub meta: Map<String, Json>,
    /// Its tags.
    pub tags: Vec<String>,
    /// How fine its moments are, where a time spine is made of it.
    pub granularity: Option<String>,
    /// Its constraints, as written.
    pub constraints: Vec<Json>,
}

/// What makes a node a data test of a model's column or of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct GenericTest {
    /// The test's name, `unique` or `not_null`, without a package.
    pub name: String,
    /// The package named before it (`dbt_utils.equal_rowcount`).
    pub namespace: Option<String>,
    /// The arguments, `model` and `column_name` among them, as written.
    pub kwargs: Map<String, Json>,
    /// The column it is declared on.
    pub column: Option<String>,
    /// Unique id of the node it is declared on.
    pub attached: Option<String>,
    /// `models.<name>` or `sources.<name>`: dbt's `file_key_name`.
    pub file_key: String,
    /// Unique id of the macro that writes its SQL.
    pub macro_id: String,
    /// Where it is declared.
    pub span: Option<Span>,
    /// Where the column is described that it is declared on.
    pub column_span: Option<Span>,
}

/// What a source table has besides other nodes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceTable {
    /// The name of the source it belongs to.
    pub source_name: String,
    /// Its description.
    pub source_description: String,
    /// `loader:` of the source.
    pub loader: String,
    /// The table's name in the warehouse.
    pub identifier: String,
    /// Free data of the source.
    pub source_meta: Map<String, Json>,
    /// `loaded_at_field`.
    pub loaded_at_field: Option<String>,
    /// `loaded_at_query`, a template.
    pub loaded_at_query: Option<String>,
    /// How old its rows may be; `None` where that was set to null.
    pub freshness: Option<Freshness>,
    /// `external`, as written.
    pub external: Option<Json>,
    /// What stands for the relation in SQL instead of its name: `read_parquet('…')`.
    pub external_location: Option<String>,
    /// `quoting`, as written.
    pub quoting: Map<String, Json>,
    /// Database and schema as written, templates not rendered.
    pub unrendered: (Option<String>, Option<String>),
}

impl SourceTable {
    /// Whether its age is limited.
    pub fn has_limits(&self) -> bool {
        self.freshness.as_ref().is_some_and(Freshness::is_set)
    }
}

/// What an exposure has besides other nodes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exposure {
    /// dashboard, notebook, analysis, ml, application.
    pub kind: String,
    /// Who answers for it.
    pub owner: Map<String, Json>,
    /// low, medium, high.
    pub maturity: Option<String>,
    /// Where it is found.
    pub url: Option<String>,
    /// A readable name.
    pub label: Option<String>,
    /// What it depends on, as written.
    pub depends_on: Vec<(String, Span)>,
}

/// What a function takes and gives, in the form of the manifest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Function {
    /// Its arguments, each with name, type, description and default.
    pub arguments: Vec<Json>,
    /// The type that it gives, and a description of that.
    pub returns: Json,
}

/// What only some nodes have.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Detail {
    /// Nothing more.
    #[default]
    None,
    /// A generic data test.
    Test(Box<GenericTest>),
    /// A source table.
    Source(Box<SourceTable>),
    /// An exposure.
    Exposure(Box<Exposure>),
    /// A unit test.
    UnitTest(Box<UnitTest>),
    /// A function.
    Function(Box<Function>),
    /// A metric, semantic model or saved query, in the form of the manifest.
    Semantic(Box<Map<String, Json>>),
    /// A hook of the project: its index among those of its kind.
    Hook {
        /// Position among the hooks of the same kind.
        index: usize,
        /// `on-run-start` rather than `on-run-end`.
        start: bool,
    },
    /// A version of a model.
    Version {
        /// This version.
        version: String,
        /// The latest version of the model.
        latest: String,
    },
}

/// One node of the project.
#[derive(Debug, Clone)]
pub struct Node {
    /// `model.shop.orders`.
    pub unique_id: String,
    /// What it is.
    pub resource_type: ResourceType,
    /// Its name.
    pub name: String,
    /// The package that it belongs to.
    pub package: Arc<str>,
    /// Package, folders, name: what config trees and selection go by.
    pub fqn: Vec<String>,
    /// Its file, relative to the resource folder (`staging/stg_users.sql`).
    pub path: String,
    /// Its file, relative to the project's root (`models/staging/stg_users.sql`).
    pub file: String,
    /// The properties file that describes it, relative to the project's root.
    pub patch_file: Option<String>,
    /// The package of that file.
    pub patch_package: Option<Arc<str>>,
    /// The whole of its file; for a generic test the text is empty.
    pub span: Option<Span>,
    /// Where its name stands in a properties file.
    pub patch_span: Option<Span>,
    /// Its template.
    pub raw_code: Arc<str>,
    /// The database of its relation.
    pub database: Option<String>,
    /// The schema of its relation.
    pub schema: String,
    /// The name of its relation.
    pub alias: String,
    /// The relation as SQL names it; `None` for what has none.
    pub relation_name: Option<String>,
    /// Its settings.
    pub config: NodeConfig,
    /// What was set, as written: templates of the project file are not rendered, and the last setting of a key counts.
    /// Whether a node's settings changed since an earlier state is told by these.
    pub unrendered: Map<String, Json>,
    /// Its description, rendered.
    pub description: String,
    /// Unique ids of the `{% docs %}` blocks in it.
    pub doc_blocks: Vec<String>,
    /// Documented columns, by name.
    pub columns: IndexMap<String, ColumnDoc>,
    /// Free data.
    pub meta: Map<String, Json>,
    /// Its tags, each once.
    pub tags: Vec<String>,
    /// What it refers to by `ref`, in order.
    pub refs: Vec<Ref>,
    /// What it refers to by `source`, in order: source name and table name.
    pub sources: Vec<(String, String)>,
    /// What it refers to by `metric`: a name, or a package and a name.
    pub metrics: Vec<Vec<String>>,
    /// What it calls by `function`: a name, or a package and a name.
    pub functions: Vec<Vec<String>>,
    /// When a model says of its rows that they are all days, months …: `time_spine`.
    pub time_spine: Option<Json>,
    /// Unique ids of the nodes it reads, resolved.
    pub depends_on: Vec<String>,
    /// Unique ids of the macros it calls.
    pub macros: Vec<String>,
    /// sha256 of its file, in hexadecimal.
    pub checksum: String,
    /// Constraints of the node as a whole, as written.
    pub constraints: Vec<Json>,
    /// From when on it is not to be read any more: a moment with its time zone.
    pub deprecation_date: Option<String>,
    /// What only some nodes have.
    pub detail: Detail,
}

/// A version as data: whole and decimal numbers are numbers, everything else is text.
pub fn version_value(version: &str) -> Json {
    if let Ok(number) = version.parse::<i64>() {
        return number.into();
    }
    let plain = version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    version.parse::<f64>().ok().filter(|_| plain).map_or_else(|| version.into(), Json::from)
}

impl Node {
    /// `model orders`, for messages.
    pub fn label(&self) -> String {
        format!("{} {}", self.resource_type.as_str().replace('_', " "), self.display_name())
    }

    /// Its name; for a source table `source.table`.
    pub fn display_name(&self) -> String {
        match &self.detail {
            Detail::Source(s) => format!("{}.{}", s.source_name, self.name),
            Detail::Version { version, .. } => format!("{}.v{version}", self.name),
            _ => self.name.clone(),
        }
    }

    /// Whether what it promises of its columns is enforced.
    pub fn has_contract(&self) -> bool {
        let flag = self.config.get("contract").and_then(|contract| contract.get("enforced"));
        flag.is_some_and(|flag| flag == &Json::Bool(true))
    }

    /// Its version and the latest one of the model.
    pub fn version(&self) -> Option<(&str, &str)> {
        match &self.detail {
            Detail::Version { version, latest } => Some((version, latest)),
            _ => None,
        }
    }

    /// Its name; for a unit test of a version of a model with that version.
    pub fn versioned_name(&self) -> String {
        match self.unit_test().and_then(|test| test.version.as_deref()) {
            Some(version) => format!("{}_v{version}", self.name),
            None => self.name.clone(),
        }
    }

    /// The generic test it is, if it is one.
    pub fn generic_test(&self) -> Option<&GenericTest> {
        match &self.detail {
            Detail::Test(t) => Some(t),
            _ => None,
        }
    }

    /// A key of a metric, semantic model or saved query.
    pub fn semantic(&self, key: &str) -> Option<&Json> {
        match &self.detail {
            Detail::Semantic(body) => body.get(key),
            _ => None,
        }
    }

    /// The source table it is, if it is one.
    pub fn source_table(&self) -> Option<&SourceTable> {
        match &self.detail {
            Detail::Source(s) => Some(s),
            _ => None,
        }
    }

    /// The unit test it is, if it is one.
    pub fn unit_test(&self) -> Option<&UnitTest> {
        match &self.detail {
            Detail::UnitTest(test) => Some(test),
            _ => None,
        }
    }

    /// Where its file begins.
    pub fn start(&self) -> Option<Span> {
        self.span.map(|span| Span { end: span.start, ..span })
    }

    /// Where a setting is made: in the template, else where the node is described, else the start of its file.
    pub fn setting_span(&self, key: &str) -> Option<Span> {
        let set = self.config_span(key).or_else(|| self.config_span(&key.replace('-', "_")));
        set.or(self.patch_span).or_else(|| self.start())
    }

    /// The relation that it is built as.
    pub fn target(&self) -> RelationName {
        RelationName {
            database: self.database.clone(),
            schema: Some(self.schema.clone()),
            identifier: self.alias.clone(),
        }
    }

    /// Where its template names another node (the name in quotes); its whole file where that can't be found.
    pub fn reference_span(&self, name: &str) -> Option<Span> {
        if let Detail::Exposure(exposure) = &self.detail {
            let names = |text: &str| ['\'', '"'].iter().any(|q| text.contains(&format!("{q}{name}{q}")));
            let entry = exposure.depends_on.iter().find(|(text, _)| names(text));
            return entry.map(|(_, span)| *span).or(self.patch_span);
        }
        let span = self.span.or(self.patch_span)?;
        for quote in ['\'', '"'] {
            if let Some(at) = self.raw_code.find(&format!("{quote}{name}{quote}")) {
                let start = span.start as usize + at + 1;
                return Some(Span::new(span.source, start, start + name.len()));
            }
        }
        self.start().or(Some(span))
    }

    /// Where `config(…)` of its template sets this key, or has this value in quotes.
    pub fn config_span(&self, name: &str) -> Option<Span> {
        let span = self.span?;
        let call = self.raw_code.find("config(").filter(|_| !name.is_empty())?;
        let found = |text: &str| self.raw_code[call..].find(text).map(|at| call + at);
        let quoted = || ['\'', '"'].iter().find_map(|q| found(&format!("{q}{name}{q}"))).map(|at| at + 1);
        let at = found(&format!("{name}=")).or_else(|| found(&format!("{name} ="))).or_else(quoted)?;
        let start = span.start as usize + at;
        Some(Span::new(span.source, start, start + name.len()))
    }

    /// Whether it is written in Python.
    pub fn is_python(&self) -> bool {
        self.resource_type == ResourceType::Model && self.path.ends_with(".py")
    }

    /// Whether it is inlined where it is used and has no relation of its own.
    pub fn is_ephemeral(&self) -> bool {
        self.resource_type == ResourceType::Model && self.materialized() == "ephemeral"
    }

    /// How it is materialized: dbt's default where nothing is set.
    pub fn materialized(&self) -> &str {
        self.config.str("materialized").unwrap_or(match self.resource_type {
            ResourceType::Seed => "seed",
            ResourceType::Snapshot => "snapshot",
            ResourceType::Test => "test",
            ResourceType::Function => "function",
            _ => "view",
        })
    }
}

impl NodeConfig {
    /// The value of a key; `None` where it is not set or null.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.values.get(key).filter(|v| !v.is_null())
    }

    /// A text.
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Json::as_str)
    }

    /// A boolean; texts `true` and `false` count.
    pub fn bool(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Json::Bool(b) => Some(*b),
            Json::String(s) => match s.to_lowercase().as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A list of texts; a single text is a list of one.
    pub fn strings(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Json::String(s)) => vec![s.clone()],
            Some(Json::Array(items)) => items.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }

    /// The hooks under `pre-hook` or `post-hook`: each template, and whether it runs in the transaction of the node.
    pub fn hooks(&self, key: &str) -> Vec<(String, bool)> {
        match self.get(key) {
            Some(Json::Array(items)) => items.iter().map(hook_parts).collect(),
            Some(one) => vec![hook_parts(one)],
            None => Vec::new(),
        }
    }

    /// Whether the node takes part at all.
    pub fn enabled(&self) -> bool {
        self.bool("enabled").unwrap_or(true)
    }
}

/// A hook is a text, a mapping, or a text that holds such a mapping in JSON (`after_commit(…)`).
fn hook_parts(item: &Json) -> (String, bool) {
    let from_map = |map: &Map<String, Json>| {
        let sql = map.get("sql").and_then(Json::as_str).unwrap_or_default().to_owned();
        (sql, map.get("transaction").and_then(Json::as_bool).unwrap_or(true))
    };
    match item {
        Json::Object(map) => from_map(map),
        Json::String(text) => match serde_json::from_str::<Json>(text) {
            Ok(Json::Object(map)) if map.contains_key("sql") => from_map(&map),
            _ => (text.clone(), true),
        },
        other => (other.to_string(), true),
    }
}
