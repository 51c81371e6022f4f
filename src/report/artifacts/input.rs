//! What a manifest is made of, besides the nodes.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::graph::Graph;
use crate::node::Node;

/// A macro, as the manifest tells of it.
#[derive(Debug, Clone, Default)]
pub struct MacroInfo {
    /// `macro.shop.hello`.
    pub unique_id: String,
    /// Its name.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// Its file, relative to the package's root.
    pub path: String,
    /// The same, by dbt's other name.
    pub original_file_path: String,
    /// Its template, from `{% macro` to `{% endmacro %}`.
    pub macro_sql: Arc<str>,
    /// Its description, rendered.
    pub description: String,
    /// Its documented arguments.
    pub arguments: Vec<MacroArgument>,
    /// Unique ids of the macros it calls.
    pub depends_on_macros: Vec<String>,
    /// Free data.
    pub meta: Map<String, Json>,
    /// `docs:` of its properties.
    pub docs: Map<String, Json>,
    /// The properties file that describes it, relative to the package's root.
    pub patch_path: Option<String>,
    /// For materializations, the languages they take.
    pub supported_languages: Option<Vec<String>>,
}

/// An argument of a macro, as a properties file documents it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MacroArgument {
    /// Its name.
    pub name: String,
    /// Its type, in free words.
    #[serde(rename = "type")]
    pub data_type: Option<String>,
    /// Its description.
    pub description: String,
}

/// A `{% docs %}` block.
#[derive(Debug, Clone, Default)]
pub struct DocBlock {
    /// `doc.shop.users`.
    pub unique_id: String,
    /// Its name.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// Its file, relative to the resource folder.
    pub path: String,
    /// Its file, relative to the package's root.
    pub original_file_path: String,
    /// Its text.
    pub block_contents: Arc<str>,
}

/// A group of models.
#[derive(Debug, Clone, Default)]
pub struct GroupInfo {
    /// Its name.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// Its file, relative to the resource folder.
    pub path: String,
    /// Its file, relative to the package's root.
    pub original_file_path: String,
    /// Who answers for it.
    pub owner: Map<String, Json>,
    /// Its description.
    pub description: Option<String>,
    /// Free data.
    pub meta: Map<String, Json>,
}

/// What became of a node's template and its SQL.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// The SQL.
    pub code: Arc<str>,
    /// Unique ids of the macros that the node calls.
    pub macros: Vec<String>,
    /// Where it was written, if it was ([`compiled_path`](super::compiled_path)).
    pub path: Option<String>,
    /// The ephemeral models in it: unique id and ` name as (…)`.
    pub extra_ctes: Vec<(String, Arc<str>)>,
}

/// What the manifest says about the invocation.
#[derive(Debug, Clone)]
pub struct Metadata<'a> {
    /// The project's name.
    pub project_name: &'a str,
    /// The project's folder.
    pub project_root: &'a Path,
    /// `quoting:` of the project.
    pub quoting: &'a Map<String, Json>,
    /// `duckdb`, `postgres`, `bigquery`.
    pub adapter_type: &'a str,
    /// Names the invocation.
    pub invocation_id: &'a str,
    /// When the invocation began.
    pub started_at: Timestamp,
    /// When the manifest was made.
    pub generated_at: Timestamp,
    /// What the environment sets by `DBT_ENV_CUSTOM_ENV_…`.
    pub env: &'a Map<String, Json>,
}

/// All that a manifest is made of.
pub struct ManifestInput<'a> {
    /// The nodes that take part.
    pub graph: &'a Graph,
    /// The nodes that do not.
    pub disabled: &'a [Node],
    /// Data tests of nodes that do not take part: dbt lists them among the nodes.
    pub left_out: &'a [Node],
    /// The macros.
    pub macros: &'a [MacroInfo],
    /// The `{% docs %}` blocks.
    pub docs: &'a [DocBlock],
    /// The groups.
    pub groups: &'a [GroupInfo],
    /// The invocation.
    pub metadata: Metadata<'a>,
    /// The YAML selectors, by name.
    pub selectors: &'a Map<String, Json>,
    /// What became of the node at a position of the graph; `None` where it was not compiled.
    pub compiled: &'a dyn Fn(usize) -> Option<Compiled>,
    /// Where the statements are kept that were sent of a node, if any were ([`run_path`](super::run_path)).
    pub build_path: &'a dyn Fn(&Node) -> Option<String>,
}

impl ManifestInput<'_> {
    /// The moment from which everything dates, in seconds.
    pub(super) fn created_at(&self) -> f64 {
        self.metadata.generated_at.as_microsecond() as f64 / 1e6
    }
}
