//! The entries of `sources`, `exposures`, `macros`, `docs` and `groups`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::columns::Columns;
use super::config::{self, Complete, ConfigEntry};
use super::input::{DocBlock, GroupInfo, MacroInfo, ManifestInput};
use super::lazy::Dict;
use super::node::{depends_on, patch_path, refs};
use crate::jinja::model::{config_json, semantic_json};
use crate::node::{Detail, Exposure, Node, SourceTable};

/// A source table.
pub(super) struct SourceEntry<'a>(pub &'a ManifestInput<'a>, pub &'a Node);

impl Serialize for SourceEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (input, node) = (self.0, self.1);
        let absent = SourceTable::default();
        let source = node.source_table().unwrap_or(&absent);
        let mut map = serializer.serialize_map(None)?;
        source_identity(&mut map, node, source)?;
        source_properties(&mut map, node, source)?;
        map.serialize_entry("patch_path", &Json::Null)?;
        map.serialize_entry("unrendered_config", &node.unrendered)?;
        map.serialize_entry("relation_name", &node.relation_name)?;
        map.serialize_entry("created_at", &input.created_at())?;
        let (database, schema) = &source.unrendered;
        map.serialize_entry("unrendered_database", database)?;
        map.serialize_entry("unrendered_schema", schema)?;
        map.serialize_entry("doc_blocks", &node.doc_blocks)?;
        map.end()
    }
}

fn source_identity<M: SerializeMap>(map: &mut M, node: &Node, source: &SourceTable) -> Result<(), M::Error> {
    map.serialize_entry("database", &node.database)?;
    map.serialize_entry("schema", &node.schema)?;
    map.serialize_entry("name", &node.name)?;
    map.serialize_entry("resource_type", "source")?;
    map.serialize_entry("package_name", &*node.package)?;
    map.serialize_entry("path", &node.file)?;
    map.serialize_entry("original_file_path", &node.file)?;
    map.serialize_entry("unique_id", &node.unique_id)?;
    map.serialize_entry("fqn", &node.fqn)?;
    map.serialize_entry("source_name", &source.source_name)?;
    map.serialize_entry("source_description", &source.source_description)?;
    map.serialize_entry("loader", &source.loader)?;
    map.serialize_entry("identifier", &source.identifier)
}

fn source_properties<M: SerializeMap>(map: &mut M, node: &Node, source: &SourceTable) -> Result<(), M::Error> {
    const QUOTING: &[(&str, Option<bool>)] =
        &[("database", None), ("schema", None), ("identifier", None), ("column", None)];
    map.serialize_entry("quoting", &Complete::new(QUOTING, Some(&source.quoting)))?;
    map.serialize_entry("loaded_at_field", &source.loaded_at_field)?;
    map.serialize_entry("loaded_at_query", &source.loaded_at_query)?;
    map.serialize_entry("freshness", &source.freshness)?;
    map.serialize_entry("external", &source.external.as_ref().map(external))?;
    map.serialize_entry("description", &node.description)?;
    map.serialize_entry("columns", &Columns(node, &|_| None))?;
    map.serialize_entry("meta", &node.meta)?;
    map.serialize_entry("source_meta", &source.source_meta)?;
    map.serialize_entry("tags", &node.tags)?;
    map.serialize_entry("config", &ConfigEntry(node))
}

/// Where a table outside of the warehouse is, with all that there is to say about it.
fn external(written: &Json) -> Json {
    const KEYS: [&str; 5] = ["location", "file_format", "row_format", "tbl_properties", "partitions"];
    let Some(given) = written.as_object() else { return written.clone() };
    let mut all: Map<String, Json> = KEYS.iter().map(|key| ((*key).to_owned(), Json::Null)).collect();
    all.extend(given.clone());
    Json::Object(all)
}

/// An exposure.
pub(super) struct ExposureEntry<'a>(pub &'a ManifestInput<'a>, pub &'a Node);

impl Serialize for ExposureEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (input, node) = (self.0, self.1);
        let absent = Exposure::default();
        let exposure = match &node.detail {
            Detail::Exposure(exposure) => exposure,
            _ => &absent,
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &node.name)?;
        map.serialize_entry("resource_type", "exposure")?;
        map.serialize_entry("package_name", &*node.package)?;
        map.serialize_entry("path", &node.path)?;
        map.serialize_entry("original_file_path", &node.file)?;
        map.serialize_entry("unique_id", &node.unique_id)?;
        map.serialize_entry("fqn", &node.fqn)?;
        map.serialize_entry("type", &exposure.kind)?;
        map.serialize_entry("owner", &owner(&exposure.owner))?;
        map.serialize_entry("description", &node.description)?;
        map.serialize_entry("label", &exposure.label)?;
        map.serialize_entry("maturity", &exposure.maturity)?;
        map.serialize_entry("meta", &node.meta)?;
        map.serialize_entry("tags", &node.tags)?;
        map.serialize_entry("config", &ConfigEntry(node))?;
        map.serialize_entry("unrendered_config", &node.unrendered)?;
        map.serialize_entry("url", &exposure.url)?;
        map.serialize_entry("depends_on", &depends_on(node))?;
        map.serialize_entry("refs", &refs(node))?;
        map.serialize_entry("sources", &node.sources)?;
        map.serialize_entry("metrics", &node.metrics)?;
        map.serialize_entry("created_at", &input.created_at())?;
        map.end()
    }
}

/// The settings of a metric, semantic model or saved query.
pub(super) fn semantic_config(node: &Node) -> Json {
    config_json(node)
}

/// A metric, semantic model or saved query.
pub(super) struct SemanticEntry<'a>(pub &'a ManifestInput<'a>, pub &'a Node);

impl Serialize for SemanticEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (input, node) = (self.0, self.1);
        let mut map = serializer.serialize_map(None)?;
        if let Detail::Semantic(body) = &node.detail {
            for (key, value) in &semantic_json(node, body) {
                map.serialize_entry(key, value)?;
            }
        }
        map.serialize_entry("created_at", &input.created_at())?;
        map.end()
    }
}

/// Who answers for something.
fn owner(set: &Map<String, Json>) -> Complete<'_> {
    Complete::new(&[("email", None), ("name", None)], Some(set))
}

/// A macro.
pub(super) struct MacroEntry<'a>(pub &'a ManifestInput<'a>, pub &'a MacroInfo);

impl Serialize for MacroEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (input, info) = (self.0, self.1);
        let docs = config::docs(Some(&info.docs));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &info.name)?;
        map.serialize_entry("resource_type", "macro")?;
        map.serialize_entry("package_name", &info.package)?;
        map.serialize_entry("path", &info.path)?;
        map.serialize_entry("original_file_path", &info.original_file_path)?;
        map.serialize_entry("unique_id", &info.unique_id)?;
        map.serialize_entry("macro_sql", &*info.macro_sql)?;
        map.serialize_entry("depends_on", &Dict(|| [("macros", &info.depends_on_macros)]))?;
        map.serialize_entry("description", &info.description)?;
        map.serialize_entry("meta", &info.meta)?;
        map.serialize_entry("docs", &docs)?;
        map.serialize_entry("config", &json!({"meta": info.meta, "docs": docs}))?;
        map.serialize_entry("patch_path", &patch_path(&info.package, info.patch_path.as_deref()))?;
        map.serialize_entry("arguments", &info.arguments)?;
        map.serialize_entry("created_at", &input.created_at())?;
        map.serialize_entry("supported_languages", &info.supported_languages)?;
        map.end()
    }
}

/// A `{% docs %}` block.
pub(super) struct DocEntry<'a>(pub &'a DocBlock);

impl Serialize for DocEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let doc = self.0;
        let mut map = serializer.serialize_map(Some(7))?;
        map.serialize_entry("name", &doc.name)?;
        map.serialize_entry("resource_type", "doc")?;
        map.serialize_entry("package_name", &doc.package)?;
        map.serialize_entry("path", &doc.path)?;
        map.serialize_entry("original_file_path", &doc.original_file_path)?;
        map.serialize_entry("unique_id", &doc.unique_id)?;
        map.serialize_entry("block_contents", &*doc.block_contents)?;
        map.end()
    }
}

/// A group, with its unique id.
pub fn group(group: &GroupInfo) -> (String, Json) {
    let unique_id = format!("group.{}.{}", group.package, group.name);
    let entry = json!({
        "name": group.name,
        "resource_type": "group",
        "package_name": group.package,
        "path": group.path,
        "original_file_path": group.original_file_path,
        "unique_id": unique_id,
        "owner": owner(&group.owner),
        "description": group.description,
        "config": {"meta": group.meta},
    });
    (unique_id, entry)
}
