//! `catalog.json`: what the warehouse says of tables and their columns.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{DBT_VERSION, Metadata, moment};
use crate::files::Files;
use crate::node::{Node, ResourceType};

/// The catalog, by unique id.
#[derive(Debug, Default)]
pub struct Catalog {
    nodes: BTreeMap<String, Json>,
    sources: BTreeMap<String, Json>,
}

/// Database, schema and identifier in lower case.
type Key = (Option<String>, String, String);

impl Catalog {
    /// What the rows (one for each column) say of these nodes.
    pub fn new<'a>(nodes: impl Iterator<Item = &'a Node>, rows: &[Map<String, Json>]) -> Self {
        let mut tables: HashMap<Key, Vec<&Map<String, Json>>> = HashMap::new();
        for row in rows {
            let text = |key: &str| row.get(key).and_then(Json::as_str).map(str::to_lowercase);
            let key = (text("table_database"), text("table_schema"), text("table_name"));
            if let (database, Some(schema), Some(name)) = key {
                tables.entry((database, schema, name)).or_default().push(row);
            }
        }
        let mut catalog = Self::default();
        for node in nodes {
            let Some(rows) = tables.get(&key(node)) else { continue };
            let entry = entry(&node.unique_id, rows);
            match node.resource_type {
                ResourceType::Source => catalog.sources.insert(node.unique_id.clone(), entry),
                _ => catalog.nodes.insert(node.unique_id.clone(), entry),
            };
        }
        catalog
    }

    /// How many tables it holds.
    pub fn len(&self) -> usize {
        self.nodes.len() + self.sources.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes it into the target folder.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn write(&self, files: &dyn Files, target: &Path, metadata: &Metadata<'_>) -> io::Result<()> {
        let json = json!({
            "metadata": {
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json",
                "dbt_version": DBT_VERSION,
                "generated_at": moment(Timestamp::now()),
                "invocation_id": metadata.invocation_id,
                "invocation_started_at": moment(metadata.started_at),
                "env": metadata.env,
            },
            "nodes": self.nodes,
            "sources": self.sources,
            "errors": null,
        });
        files.write(&target.join("catalog.json"), json.to_string().as_bytes())
    }
}

fn key(node: &Node) -> Key {
    let name = node.source_table().map_or(&node.alias, |source| &source.identifier);
    (node.database.as_deref().map(str::to_lowercase), node.schema.to_lowercase(), name.to_lowercase())
}

/// What the rows of one table say.
fn entry(unique_id: &str, rows: &[&Map<String, Json>]) -> Json {
    let of = |row: &Map<String, Json>, key: &str| row.get(key).cloned().unwrap_or_default();
    let columns: Map<String, Json> = rows
        .iter()
        .map(|row| {
            let column = json!({
                "type": of(row, "column_type"), "index": index(&of(row, "column_index")),
                "name": of(row, "column_name"), "comment": of(row, "column_comment"),
            });
            (text(&of(row, "column_name")), column)
        })
        .collect();
    let first = rows[0];
    json!({
        "metadata": {
            "type": of(first, "table_type"), "schema": of(first, "table_schema"), "name": of(first, "table_name"),
            "database": of(first, "table_database"), "comment": of(first, "table_comment"),
            "owner": of(first, "table_owner"),
        },
        "columns": columns,
        "stats": stats(first),
        "unique_id": unique_id,
    })
}

/// `stats:size:label` and its siblings, grouped, where `include` is true.
fn stats(row: &Map<String, Json>) -> Json {
    let mut found: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
    for (key, value) in row {
        let Some((id, part)) = key.strip_prefix("stats:").and_then(|rest| rest.split_once(':')) else { continue };
        found.entry(id).or_default().insert(part.to_owned(), value.clone());
    }
    found.retain(|_, stat| stat.get("include").is_some_and(|include| include.as_bool() == Some(true)));
    let mut stats: Map<String, Json> = Map::new();
    for (id, mut stat) in found {
        stat.insert("id".to_owned(), Json::from(id));
        stats.insert(id.to_owned(), Json::Object(stat));
    }
    let has_stats = json!({
        "id": "has_stats", "label": "Has Stats?", "value": !stats.is_empty(), "include": false,
        "description": "Indicates whether there are statistics for this table",
    });
    stats.insert("has_stats".to_owned(), has_stats);
    Json::Object(stats)
}

/// A whole number, however the query gave it.
fn index(value: &Json) -> Json {
    let number = value.as_i64().or_else(|| value.as_f64().map(|n| n as i64));
    number.or_else(|| value.as_str()?.parse().ok()).map_or(Json::Null, Json::from)
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
