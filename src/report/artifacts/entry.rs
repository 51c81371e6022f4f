//! One entry of the manifest: what templates see as `model` and in `graph`.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::input::{ManifestInput, Metadata};
use super::node::NodeEntry;
use super::others::{ExposureEntry, SemanticEntry, SourceEntry};
use super::unit::UnitTestEntry;
use crate::graph::Graph;
use crate::node::{Node, ResourceType};

/// The entry of a node before anything was compiled. `index` is its position in the graph, if it has one.
pub fn entry(graph: &Graph, index: Option<usize>, node: &Node, root: &Path, started_at: Timestamp) -> Json {
    let none = Map::new();
    let metadata = Metadata {
        project_name: "",
        project_root: root,
        quoting: &none,
        adapter_type: "",
        invocation_id: "",
        started_at,
        generated_at: started_at,
        env: &none,
    };
    let input = ManifestInput {
        graph,
        disabled: &[],
        left_out: &[],
        macros: &[],
        docs: &[],
        groups: &[],
        metadata,
        selectors: &none,
        compiled: &|_| None,
        build_path: &|_| None,
    };
    let found = match node.resource_type {
        ResourceType::Source => serde_json::to_value(SourceEntry(&input, node)),
        ResourceType::Exposure => serde_json::to_value(ExposureEntry(&input, node)),
        ResourceType::Metric | ResourceType::SemanticModel | ResourceType::SavedQuery => {
            serde_json::to_value(SemanticEntry(&input, node))
        }
        ResourceType::UnitTest => serde_json::to_value(UnitTestEntry(&input, node)),
        _ => serde_json::to_value(NodeEntry { input: &input, index, node }),
    };
    let Ok(Json::Object(mut map)) = found else { return Json::Null };
    // What is known in memory alone.
    match node.resource_type {
        ResourceType::Source => drop(map.insert("_event_status".to_owned(), json!({}))),
        ResourceType::Model => drop(map.insert("batch".to_owned(), Json::Null)),
        _ => {}
    }
    if matches!(node.resource_type, ResourceType::Model | ResourceType::Seed | ResourceType::Snapshot) {
        map.insert("defer_relation".to_owned(), Json::Null);
    }
    Json::Object(map)
}
