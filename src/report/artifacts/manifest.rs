//! `manifest.json`: the whole project, section by section.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::input::{ManifestInput, Metadata};
use super::lazy::{Dict, List};
use super::node::NodeEntry;
use super::others::{ExposureEntry, SemanticEntry, SourceEntry};
use super::unit::UnitTestEntry;
use super::{DBT_VERSION, moment};
use crate::node::{Node, ResourceType};

/// Writes it.
pub(super) struct Manifest<'a>(pub &'a ManifestInput<'a>);

impl Serialize for Manifest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let input = self.0;
        let mut map = serializer.serialize_map(Some(17))?;
        map.serialize_entry("metadata", &metadata(&input.metadata))?;
        let left_out = || input.left_out.iter().map(|node| node_entry(input, None, node));
        let nodes = || indexed(input).filter(is_node).map(|(i, n)| node_entry(input, Some(i), n)).chain(left_out());
        map.serialize_entry("nodes", &Dict(nodes))?;
        map.serialize_entry("sources", &Dict(|| of_kind(input, ResourceType::Source, SourceEntry)))?;
        map.serialize_entry(
            "macros",
            &Dict(|| input.macros.iter().map(|m| (&m.unique_id, super::others::MacroEntry(input, m)))),
        )?;
        map.serialize_entry("docs", &Dict(|| input.docs.iter().map(|d| (&d.unique_id, super::others::DocEntry(d)))))?;
        map.serialize_entry("exposures", &Dict(|| of_kind(input, ResourceType::Exposure, ExposureEntry)))?;
        map.serialize_entry("metrics", &Dict(|| of_kind(input, ResourceType::Metric, SemanticEntry)))?;
        map.serialize_entry("groups", &Dict(|| input.groups.iter().map(super::others::group)))?;
        map.serialize_entry("selectors", input.selectors)?;
        map.serialize_entry("disabled", &disabled(input))?;
        let all = || input.graph.nodes().iter().chain(input.left_out);
        map.serialize_entry("parent_map", &Dict(|| all().map(|n| (&n.unique_id, parents(n)))))?;
        map.serialize_entry("child_map", &child_map(input))?;
        map.serialize_entry("group_map", &group_map(input))?;
        map.serialize_entry("saved_queries", &Dict(|| of_kind(input, ResourceType::SavedQuery, SemanticEntry)))?;
        map.serialize_entry("semantic_models", &Dict(|| of_kind(input, ResourceType::SemanticModel, SemanticEntry)))?;
        let functions = || indexed(input).filter(is_function).map(|(i, n)| node_entry(input, Some(i), n));
        map.serialize_entry("functions", &Dict(functions))?;
        map.serialize_entry("unit_tests", &Dict(|| of_kind(input, ResourceType::UnitTest, UnitTestEntry)))?;
        map.end()
    }
}

fn metadata(m: &Metadata<'_>) -> Json {
    let id: String = Md5::digest(m.project_name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "dbt_version": DBT_VERSION,
        "generated_at": moment(m.generated_at),
        "invocation_id": m.invocation_id,
        "invocation_started_at": moment(m.started_at),
        "env": m.env,
        "project_name": m.project_name,
        "project_id": id,
        "user_id": null,
        "send_anonymous_usage_stats": false,
        "adapter_type": m.adapter_type,
        "quoting": quoting(m.quoting),
        "run_started_at": moment(m.started_at).replace('Z', "+00:00"),
    })
}

/// What is quoted, with what holds where nothing is said.
fn quoting(set: &Map<String, Json>) -> Json {
    let get = |key: &str| set.get(key).filter(|value| !value.is_null()).cloned();
    let on = |key: &str| get(key).unwrap_or(Json::Bool(true));
    json!({
        "database": on("database"), "schema": on("schema"), "identifier": on("identifier"), "column": get("column"),
    })
}

fn indexed<'a>(input: &ManifestInput<'a>) -> impl Iterator<Item = (usize, &'a Node)> + use<'a> {
    input.graph.nodes().iter().enumerate()
}

fn is_node((_, node): &(usize, &Node)) -> bool {
    !node.resource_type.is_declared() && !matches!(node.resource_type, ResourceType::UnitTest | ResourceType::Function)
}

fn is_function((_, node): &(usize, &Node)) -> bool {
    node.resource_type == ResourceType::Function
}

fn node_entry<'a>(input: &'a ManifestInput<'a>, index: Option<usize>, node: &'a Node) -> (&'a str, NodeEntry<'a>) {
    (&node.unique_id, NodeEntry { input, index, node })
}

fn of_kind<'a, E>(
    input: &'a ManifestInput<'a>,
    kind: ResourceType,
    entry: fn(&'a ManifestInput<'a>, &'a Node) -> E,
) -> impl Iterator<Item = (&'a str, E)> {
    let nodes = input.graph.nodes().iter().filter(move |node| node.resource_type == kind);
    nodes.map(move |node| (node.unique_id.as_str(), entry(input, node)))
}

/// A node that takes no part, written as those of its kind are.
enum Disabled<'a> {
    Node(NodeEntry<'a>),
    Source(SourceEntry<'a>),
    Exposure(ExposureEntry<'a>),
    UnitTest(UnitTestEntry<'a>),
    Semantic(SemanticEntry<'a>),
}

impl Serialize for Disabled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Node(entry) => entry.serialize(serializer),
            Self::Source(entry) => entry.serialize(serializer),
            Self::Exposure(entry) => entry.serialize(serializer),
            Self::UnitTest(entry) => entry.serialize(serializer),
            Self::Semantic(entry) => entry.serialize(serializer),
        }
    }
}

/// Disabled nodes by id: several may share one.
fn disabled<'a>(input: &'a ManifestInput<'a>) -> BTreeMap<&'a str, Vec<Disabled<'a>>> {
    let mut by_id: BTreeMap<&str, Vec<Disabled<'a>>> = BTreeMap::new();
    for node in input.disabled {
        let entry = match node.resource_type {
            ResourceType::Source => Disabled::Source(SourceEntry(input, node)),
            ResourceType::Exposure => Disabled::Exposure(ExposureEntry(input, node)),
            ResourceType::UnitTest => Disabled::UnitTest(UnitTestEntry(input, node)),
            kind if kind.is_semantic() => Disabled::Semantic(SemanticEntry(input, node)),
            _ => Disabled::Node(NodeEntry { input, index: None, node }),
        };
        by_id.entry(&node.unique_id).or_default().push(entry);
    }
    by_id
}

/// What a node reads, each once, sorted.
fn parents(node: &Node) -> Vec<&str> {
    let mut ids: Vec<&str> = node.depends_on.iter().map(String::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What reads each node, each once, sorted; tests that take no part are among it.
fn child_map<'a>(input: &'a ManifestInput<'a>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let graph = input.graph;
    let id = |index: usize| graph.node(index).unique_id.as_str();
    let mut map: BTreeMap<&str, Vec<&str>> = indexed(input)
        .map(|(index, node)| (node.unique_id.as_str(), graph.children(index).map(id).collect()))
        .collect();
    for node in input.left_out {
        map.entry(&node.unique_id).or_default();
        for parent in &node.depends_on {
            map.entry(parent).or_default().push(&node.unique_id);
        }
    }
    for children in map.values_mut() {
        children.sort_unstable();
        children.dedup();
    }
    map
}

/// The members of each group.
fn group_map<'a>(input: &'a ManifestInput<'a>) -> impl Serialize + 'a {
    let members = move |name: &'a str| {
        List(move || {
            let of_kind = move |kind: Option<ResourceType>| {
                let nodes = input.graph.nodes().iter().filter(move |node| node.config.str("group") == Some(name));
                let is_kind = move |node: &&Node| Some(node.resource_type).filter(|kind| kind.is_semantic()) == kind;
                nodes.filter(is_kind).map(|node| &node.unique_id)
            };
            let others = [ResourceType::SavedQuery, ResourceType::SemanticModel, ResourceType::Metric];
            of_kind(None).chain(others.into_iter().flat_map(move |kind| of_kind(Some(kind))))
        })
    };
    Dict(move || input.groups.iter().map(move |group| (&group.name, members(&group.name))))
}
