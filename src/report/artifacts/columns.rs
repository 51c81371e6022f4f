//! Columns, their constraints, and what follows from them.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::graph::Graph;
use crate::node::{ColumnDoc, GenericTest, Node};

/// The documented columns of a node.
pub(super) struct Columns<'a>(pub &'a Node, pub &'a Foreign<'a>);

/// What the `to` of a foreign key stands for, where that is known: the relation.
pub(super) type Foreign<'a> = dyn Fn(&str) -> Option<String> + 'a;

impl Serialize for Columns<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.columns.iter().map(|(name, column)| (name, Column::of(column, self.1))))
    }
}

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    description: &'a str,
    meta: &'a Map<String, Json>,
    data_type: Option<&'a str>,
    constraints: Vec<Json>,
    quote: Option<bool>,
    config: ColumnConfig<'a>,
    tags: &'a [String],
    granularity: Option<&'a str>,
    doc_blocks: &'a [String],
}

#[derive(Serialize)]
struct ColumnConfig<'a> {
    meta: &'a Map<String, Json>,
    tags: &'a [String],
}

impl<'a> Column<'a> {
    fn of(column: &'a ColumnDoc, foreign: &Foreign<'_>) -> Self {
        Self {
            name: &column.name,
            description: &column.description,
            meta: &column.meta,
            data_type: column.data_type.as_deref(),
            constraints: constraints(&column.constraints, false, foreign),
            quote: column.quote,
            config: ColumnConfig { meta: &column.meta, tags: &column.tags },
            tags: &column.tags,
            granularity: column.granularity.as_deref(),
            doc_blocks: &column.doc_blocks,
        }
    }
}

/// Constraints with all their keys; those of a model name columns too.
pub(super) fn constraints(written: &[Json], of_model: bool, foreign: &Foreign<'_>) -> Vec<Json> {
    let one = |constraint: &Json| {
        let mut all = complete(constraint, of_model);
        if let Some(relation) = all.get("to").and_then(Json::as_str).and_then(foreign) {
            all["to"] = Json::from(relation);
        }
        all
    };
    written.iter().map(one).collect()
}

/// The relation that `ref('orders')` or `source('shop', 'orders')` in a foreign key of a node means.
pub(super) fn foreign_relation(graph: &Graph, node: &Node, to: &str) -> Option<String> {
    let names: Vec<&str> = to.split(['\'', '"']).skip(1).step_by(2).collect();
    let is_source = to.trim_start().starts_with("source");
    let parents = node.depends_on.iter().filter_map(|id| graph.get(id));
    let mut fitting = parents.filter(|parent| match (parent.source_table(), &names[..]) {
        (Some(source), [name, table]) => is_source && source.source_name == *name && parent.name == *table,
        (None, [name]) => !is_source && parent.name == *name,
        (None, [first, second, ..]) => !is_source && (parent.name == *first || parent.name == *second),
        _ => false,
    });
    fitting.next()?.relation_name.clone()
}

fn complete(written: &Json, of_model: bool) -> Json {
    let get = |key: &str| written.get(key).cloned().unwrap_or(Json::Null);
    let flag = |key: &str| Json::Bool(written.get(key).and_then(Json::as_bool).unwrap_or(true));
    let list = |key: &str| Json::Array(written.get(key).and_then(Json::as_array).cloned().unwrap_or_default());
    let mut all = json!({
        "type": get("type"),
        "name": get("name"),
        "expression": get("expression"),
        "warn_unenforced": flag("warn_unenforced"),
        "warn_unsupported": flag("warn_unsupported"),
        "to": get("to"),
        "to_columns": list("to_columns"),
    });
    if let (true, Some(all)) = (of_model, all.as_object_mut()) {
        all.insert("columns".to_owned(), list("columns"));
    }
    all
}

/// The checksum of a contract: equal to dbt's, so that `state:modified` understands manifests of either.
pub(crate) fn contract_checksum(node: &Node) -> String {
    let mut columns: Vec<&ColumnDoc> = node.columns.values().collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    let mut state = String::new();
    for column in columns {
        let data_type = column.data_type.as_deref().unwrap_or("None");
        state += &format!("|{}{data_type}{}", column.name, python_list(&column.constraints, false));
    }
    if matches!(node.materialized(), "table" | "incremental") {
        state += node.materialized();
        state += &python_list(&node.constraints, true);
    }
    Sha256::digest(state.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Constraints as dbt's own objects print themselves.
fn python_list(written: &[Json], of_model: bool) -> String {
    let class = if of_model { "ModelLevelConstraint" } else { "ColumnLevelConstraint" };
    let one = |constraint: &Json| {
        let all = complete(constraint, of_model);
        let fields = all.as_object().into_iter().flatten().map(|(key, value)| match (key.as_str(), value) {
            ("type", Json::String(kind)) => format!("type=<ConstraintType.{kind}: '{kind}'>"),
            _ => format!("{key}={}", python(value)),
        });
        format!("{class}({})", fields.collect::<Vec<_>>().join(", "))
    };
    format!("[{}]", written.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// A value as Python prints it.
fn python(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Json::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n")),
        Json::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// The columns that tell rows of a model apart, as far as its constraints and tests say.
pub(super) fn primary_key(graph: &Graph, index: Option<usize>, node: &Node) -> Vec<String> {
    if let Some(declared) = declared_key(node) {
        return declared;
    }
    let Some(index) = index else { return Vec::new() };
    let tests = || {
        let tests = graph.children(index).filter_map(|child| graph.node(child).generic_test());
        tests.filter(|test| test.attached.as_deref() == Some(node.unique_id.as_str()))
    };
    let unique = tested(tests(), &["unique", "unique_combination_of_columns"]);
    let not_null = tested(tests(), &["not_null"]);
    let both: Vec<String> = not_null.into_iter().filter(|column| unique.contains(column)).collect();
    if both.is_empty() { unique } else { both }
}

fn declared_key(node: &Node) -> Option<Vec<String>> {
    let is_key = |constraint: &&Json| constraint.get("type").and_then(Json::as_str) == Some("primary_key");
    if let Some(constraint) = node.constraints.iter().find(is_key) {
        return Some(texts(constraint.get("columns")));
    }
    let column = node.columns.values().find(|column| column.constraints.iter().any(|c| is_key(&c)))?;
    Some(vec![column.name.clone()])
}

/// The columns that tests of these names are about, sorted.
fn tested<'a>(tests: impl Iterator<Item = &'a GenericTest>, names: &[&str]) -> Vec<String> {
    let mut columns: Vec<String> = tests
        .filter(|test| names.contains(&test.name.as_str()))
        .flat_map(|test| match test.kwargs.get("column_name").and_then(Json::as_str) {
            Some(column) => vec![column.to_owned()],
            None => texts(test.kwargs.get("combination_of_columns")),
        })
        .collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn texts(value: Option<&Json>) -> Vec<String> {
    value.and_then(Json::as_array).into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}
