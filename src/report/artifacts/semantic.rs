//! `semantic_manifest.json`: the semantic layer, as MetricFlow reads it.

use serde_json::{Map, Value as Json, json};

use super::others::semantic_config;
use crate::graph::Graph;
use crate::node::{Detail, Node, ResourceType};

const MODEL: &[&str] = &[
    "name",
    "defaults",
    "description",
    "node_relation",
    "primary_entity",
    "entities",
    "measures",
    "dimensions",
    "label",
    "metadata",
    "config",
];
const ENTITY: &[&str] = &["name", "description", "type", "role", "expr", "metadata", "label", "config"];
const MEASURE: &[&str] = &[
    "name",
    "agg",
    "description",
    "create_metric",
    "expr",
    "agg_params",
    "metadata",
    "non_additive_dimension",
    "agg_time_dimension",
    "label",
    "config",
];
const DIMENSION: &[&str] =
    &["name", "description", "type", "is_partition", "type_params", "expr", "metadata", "label", "config"];
const METRIC: &[&str] =
    &["name", "description", "type", "type_params", "filter", "metadata", "label", "config", "time_granularity"];
const TYPE_PARAMS: &[&str] = &[
    "measure",
    "numerator",
    "denominator",
    "expr",
    "window",
    "grain_to_date",
    "metrics",
    "conversion_type_params",
    "cumulative_type_params",
    "input_measures",
];
const CUMULATIVE: &[&str] = &["window", "grain_to_date", "period_agg"];
const SAVED_QUERY: &[&str] = &["name", "query_params", "description", "metadata", "label", "exports", "tags"];
const EXPORT: &[&str] = &["export_as", "schema_name", "alias"];

/// All of it.
pub(super) fn semantic_manifest(graph: &Graph) -> Json {
    let of_kind = |kind: ResourceType, entry: fn(&Node) -> Json| -> Json {
        graph.nodes().iter().filter(|node| node.resource_type == kind).map(entry).collect()
    };
    json!({
        "semantic_models": of_kind(ResourceType::SemanticModel, semantic_model),
        "metrics": of_kind(ResourceType::Metric, metric),
        "project_configuration": {
            "time_spine_table_configurations": legacy(graph),
            "metadata": null,
            "dsi_package_version": {"major_version": "0", "minor_version": "9", "patch_version": "0"},
            "time_spines": graph.nodes().iter().filter_map(time_spine).collect::<Vec<_>>(),
        },
        "saved_queries": of_kind(ResourceType::SavedQuery, saved_query),
    })
}

/// These keys of a map, in this order; null where it has none of that name.
fn only(of: &Map<String, Json>, keys: &[&str]) -> Map<String, Json> {
    keys.iter().map(|key| ((*key).to_owned(), of.get(*key).cloned().unwrap_or_default())).collect()
}

fn each(of: &Map<String, Json>, key: &str, keys: &[&str]) -> Json {
    let items = of.get(key).and_then(Json::as_array).into_iter().flatten();
    items.filter_map(Json::as_object).map(|item| Json::Object(only(item, keys))).collect()
}

/// A node of the semantic layer with its name and what is free data of it.
fn body(node: &Node) -> Map<String, Json> {
    let mut body = match &node.detail {
        Detail::Semantic(body) => (**body).clone(),
        _ => Map::new(),
    };
    body.insert("name".into(), json!(node.name));
    body.insert("tags".into(), json!(node.tags));
    body.insert("config".into(), json!({"meta": semantic_config(node).get("meta").cloned().unwrap_or(json!({}))}));
    body
}

fn semantic_model(node: &Node) -> Json {
    let mut body = body(node);
    for (part, keys) in [("entities", ENTITY), ("measures", MEASURE), ("dimensions", DIMENSION)] {
        body.insert(part.into(), each(&body, part, keys));
    }
    Json::Object(only(&body, MODEL))
}

fn metric(node: &Node) -> Json {
    let mut found = only(&body(node), METRIC);
    if let Some(Json::Object(params)) = found.get_mut("type_params") {
        *params = only(params, TYPE_PARAMS);
        if let Some(Json::Object(cumulative)) = params.get_mut("cumulative_type_params") {
            *cumulative = only(cumulative, CUMULATIVE);
        }
    }
    Json::Object(found)
}

fn saved_query(node: &Node) -> Json {
    let mut found = only(&body(node), SAVED_QUERY);
    for export in found.get_mut("exports").and_then(Json::as_array_mut).into_iter().flatten() {
        let config = export.get("config").and_then(Json::as_object).map(|config| only(config, EXPORT));
        *export = json!({"name": export["name"], "config": config});
    }
    Json::Object(found)
}

fn relation(node: &Node) -> Json {
    json!({
        "alias": node.alias, "schema_name": node.schema, "database": node.database, "relation_name": node.relation_name,
    })
}

fn time_spine(node: &Node) -> Option<Json> {
    let spine = node.time_spine.as_ref().filter(|_| node.resource_type == ResourceType::Model)?;
    let column = spine.get("standard_granularity_column").and_then(Json::as_str)?;
    let granularity = node.columns.get(column).and_then(|column| column.granularity.as_deref());
    let custom = spine.get("custom_granularities").and_then(Json::as_array).into_iter().flatten();
    let custom = custom.filter_map(Json::as_object).map(|c| {
        let name = c.get("name").cloned().unwrap_or_default();
        json!({"name": name, "column_name": c.get("column_name")})
    });
    Some(json!({
        "node_relation": relation(node),
        "primary_column": {"name": column, "time_granularity": granularity},
        "custom_granularities": custom.collect::<Vec<_>>(),
    }))
}

/// The model of days that needs no `time_spine`, by its name.
fn legacy(graph: &Graph) -> Vec<Json> {
    let has_models = graph.nodes().iter().any(|node| node.resource_type == ResourceType::SemanticModel);
    let is_spine = |node: &&Node| {
        has_models
            && node.name == "metricflow_time_spine"
            && node.resource_type.is_refable()
            && node.time_spine.is_none()
    };
    let spines = graph.nodes().iter().filter(is_spine).take(1);
    spines.map(|node| json!({"location": node.relation_name, "column_name": "date_day", "grain": "day"})).collect()
}
