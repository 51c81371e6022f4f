//! The entries of `nodes`: models, seeds, snapshots, data tests, analyses and hooks; and those of `functions`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::columns::{Columns, Foreign, constraints, contract_checksum, foreign_relation, primary_key};
use super::config::{self, ConfigEntry, as_dict};
use super::input::{Compiled, ManifestInput};
use super::lazy::{Dict, List};
use crate::graph::Graph;
use crate::node::{Detail, GenericTest, Node, ResourceType, version_value};

/// One node.
pub(super) struct NodeEntry<'a> {
    pub input: &'a ManifestInput<'a>,
    /// Its position in the graph; `None` when it takes no part.
    pub index: Option<usize>,
    pub node: &'a Node,
}

impl Serialize for NodeEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let compiled = self.index.and_then(|index| (self.input.compiled)(index));
        let mut map = serializer.serialize_map(None)?;
        self.identity(&mut map)?;
        let graph = self.index.filter(|_| compiled.is_some()).map(|_| self.input.graph);
        let foreign = |to: &str| foreign_relation(graph?, self.node, to);
        self.properties(&mut map, &foreign)?;
        if self.node.resource_type == ResourceType::Seed {
            map.serialize_entry("root_path", &self.input.metadata.project_root)?;
            map.serialize_entry("depends_on", &Dict(|| [("macros", &self.node.macros)]))?;
        } else {
            self.query(&mut map, compiled.as_ref())?;
        }
        self.of_its_kind(&mut map, &foreign)?;
        map.end()
    }
}

impl NodeEntry<'_> {
    /// What it is and where it is from.
    fn identity<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let node = self.node;
        map.serialize_entry("database", &node.database)?;
        map.serialize_entry("schema", &node.schema)?;
        map.serialize_entry("name", &node.name)?;
        map.serialize_entry("resource_type", node.resource_type.as_str())?;
        map.serialize_entry("package_name", &*node.package)?;
        map.serialize_entry("path", &node.path)?;
        map.serialize_entry("original_file_path", &node.file)?;
        map.serialize_entry("unique_id", &node.unique_id)?;
        map.serialize_entry("fqn", &node.fqn)?;
        map.serialize_entry("alias", &node.alias)?;
        map.serialize_entry("checksum", &Checksum::of(node))
    }

    /// What its file and properties say about it.
    fn properties<M: SerializeMap>(&self, map: &mut M, foreign: &Foreign<'_>) -> Result<(), M::Error> {
        let node = self.node;
        map.serialize_entry("config", &ConfigEntry(node))?;
        map.serialize_entry("tags", &node.tags)?;
        map.serialize_entry("description", &node.description)?;
        map.serialize_entry("columns", &Columns(node, foreign))?;
        map.serialize_entry("meta", &node.meta)?;
        map.serialize_entry("group", &node.config.str("group"))?;
        map.serialize_entry("docs", &config::docs(as_dict(node.config.get("docs"))))?;
        map.serialize_entry(
            "patch_path",
            &patch_path(node.patch_package.as_ref().unwrap_or(&node.package), node.patch_file.as_deref()),
        )?;
        map.serialize_entry("build_path", &(self.input.build_path)(node))?;
        map.serialize_entry("unrendered_config", &node.unrendered)?;
        map.serialize_entry("created_at", &self.input.created_at())?;
        map.serialize_entry("relation_name", &node.relation_name)?;
        match node.generic_test().filter(|_| node.raw_code.is_empty()) {
            Some(test) => map.serialize_entry("raw_code", &generic_test_code(test))?,
            None if node.resource_type == ResourceType::Seed => map.serialize_entry("raw_code", "")?,
            None => map.serialize_entry("raw_code", &*node.raw_code)?,
        }
        map.serialize_entry("doc_blocks", &node.doc_blocks)
    }

    /// What its template refers to, and what became of it.
    fn query<M: SerializeMap>(&self, map: &mut M, compiled: Option<&Compiled>) -> Result<(), M::Error> {
        let node = self.node;
        map.serialize_entry("language", if node.is_python() { "python" } else { "sql" })?;
        map.serialize_entry("refs", &refs(node))?;
        map.serialize_entry("sources", &node.sources)?;
        map.serialize_entry("metrics", &node.metrics)?;
        map.serialize_entry("functions", &node.functions)?;
        let macros = compiled.map_or(&node.macros, |compiled| &compiled.macros);
        map.serialize_entry("depends_on", &Dict(|| [("macros", macros), ("nodes", &node.depends_on)]))?;
        map.serialize_entry("compiled_path", &compiled.and_then(|c| c.path.as_deref()))?;
        if let Some(compiled) = compiled {
            map.serialize_entry("compiled", &true)?;
            map.serialize_entry("compiled_code", &*compiled.code)?;
            map.serialize_entry("extra_ctes_injected", &true)?;
            map.serialize_entry("extra_ctes", &List(|| compiled.extra_ctes.iter().map(|(id, sql)| Cte { id, sql })))?;
        }
        map.serialize_entry("contract", &Contract::of(node))
    }

    /// What only nodes of its kind have.
    fn of_its_kind<M: SerializeMap>(&self, map: &mut M, foreign: &Foreign<'_>) -> Result<(), M::Error> {
        match (&self.node.detail, self.node.resource_type) {
            (_, ResourceType::Model) => self.model(map, foreign),
            (Detail::Test(test), _) => generic_test(map, self.node, test),
            (Detail::Function(function), _) => {
                map.serialize_entry("returns", &function.returns)?;
                map.serialize_entry("arguments", &function.arguments)
            }
            (Detail::Hook { start, .. }, _) => {
                map.serialize_entry("index", &hook_place(self.input.graph, self.node, *start))
            }
            _ => Ok(()),
        }
    }

    fn model<M: SerializeMap>(&self, map: &mut M, foreign: &Foreign<'_>) -> Result<(), M::Error> {
        let (version, latest) = match &self.node.detail {
            Detail::Version { version, latest } => (version_value(version), version_value(latest)),
            _ => (Json::Null, Json::Null),
        };
        map.serialize_entry("access", self.node.config.str("access").unwrap_or("protected"))?;
        map.serialize_entry("constraints", &constraints(&self.node.constraints, true, foreign))?;
        map.serialize_entry("version", &version)?;
        map.serialize_entry("latest_version", &latest)?;
        map.serialize_entry("deprecation_date", &self.node.deprecation_date)?;
        map.serialize_entry("primary_key", &primary_key(self.input.graph, self.index, self.node))?;
        map.serialize_entry("time_spine", &self.node.time_spine.as_ref().map(time_spine))
    }
}

/// The place of a hook among all of its kind, those of packages among them.
fn hook_place(graph: &Graph, node: &Node, at_start: bool) -> usize {
    let is_kind = |n: &&Node| matches!(n.detail, Detail::Hook { start, .. } if start == at_start);
    let mut hooks = graph.nodes().iter().filter(is_kind);
    hooks.position(|hook| hook.unique_id == node.unique_id).map_or(0, |at| at + 1)
}

/// `time_spine` with all its keys.
fn time_spine(written: &Json) -> Json {
    let get = |of: &Json, key: &str| of.get(key).cloned().unwrap_or_default();
    let custom = written.get("custom_granularities").and_then(Json::as_array).into_iter().flatten();
    let custom: Vec<Json> =
        custom.map(|c| json!({"name": get(c, "name"), "column_name": get(c, "column_name")})).collect();
    json!({
        "standard_granularity_column": get(written, "standard_granularity_column"), "custom_granularities": custom,
    })
}

/// `shop://models/schema.yml`.
pub(super) fn patch_path(package: &str, file: Option<&str>) -> Option<String> {
    file.map(|file| format!("{package}://{file}"))
}

/// `depends_on` of everything that has both sorts.
pub(super) fn depends_on(node: &Node) -> impl Serialize + '_ {
    Dict(move || [("macros", &node.macros), ("nodes", &node.depends_on)])
}

/// `refs` of everything that has some.
pub(super) fn refs(node: &Node) -> impl Serialize + '_ {
    List(move || {
        node.refs.iter().map(|r| {
            let version = r.version.as_deref().map_or(Json::Null, version_value);
            RefEntry { name: &r.name, package: r.package.as_deref(), version }
        })
    })
}

#[derive(Serialize)]
struct RefEntry<'a> {
    name: &'a str,
    package: Option<&'a str>,
    version: Json,
}

/// An ephemeral model inside of another's SQL.
#[derive(Serialize)]
struct Cte<'a> {
    id: &'a str,
    sql: &'a str,
}

#[derive(Serialize)]
struct Checksum<'a> {
    name: &'a str,
    checksum: &'a str,
}

impl<'a> Checksum<'a> {
    fn of(node: &'a Node) -> Self {
        if node.generic_test().is_some() || node.checksum.is_empty() {
            return Self { name: "none", checksum: "" };
        }
        Self { name: "sha256", checksum: &node.checksum }
    }
}

/// What a model promises of its columns, and the checksum of that.
#[derive(Serialize)]
struct Contract {
    enforced: bool,
    alias_types: bool,
    checksum: Option<String>,
}

impl Contract {
    fn of(node: &Node) -> Self {
        let flag =
            |key: &str| as_dict(node.config.get("contract")).and_then(|set| set.get(key)).and_then(Json::as_bool);
        let enforced = flag("enforced").unwrap_or(false);
        let checksum = enforced.then(|| contract_checksum(node));
        Self { enforced, alias_types: flag("alias_types").unwrap_or(true), checksum }
    }
}

/// The call that dbt shows as the template of a generic test.
fn generic_test_code(test: &GenericTest) -> String {
    let namespace = test.namespace.as_ref().map(|n| format!("{n}.")).unwrap_or_default();
    format!("{{{{ {namespace}test_{}(**_dbt_generic_test_kwargs) }}}}", test.name)
}

fn generic_test<M: SerializeMap>(map: &mut M, node: &Node, test: &GenericTest) -> Result<(), M::Error> {
    let column = test.kwargs.get("column_name").filter(|_| test.column.is_some());
    map.serialize_entry("column_name", &column)?;
    map.serialize_entry("file_key_name", &test.file_key)?;
    // dbt looks for it in the package of the test only.
    let is_own = |id: &&String| id.split('.').nth(1) == Some(&*node.package);
    map.serialize_entry("attached_node", &test.attached.as_ref().filter(is_own))?;
    let metadata = TestMetadata { name: &test.name, kwargs: &test.kwargs, namespace: test.namespace.as_deref() };
    map.serialize_entry("test_metadata", &metadata)
}

#[derive(Serialize)]
struct TestMetadata<'a> {
    name: &'a str,
    kwargs: &'a Map<String, Json>,
    namespace: Option<&'a str>,
}
