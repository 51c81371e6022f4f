//! The settings of a node as templates see them.

use serde_json::{Map, Value as Json, json};

use crate::node::{Node, NodeConfig, Ref, ResourceType, version_value};

/// A metric, semantic model or saved query as data.
pub fn semantic_json(node: &Node, body: &Map<String, Json>) -> Map<String, Json> {
    let mut map = Map::new();
    let mut put = |key: &str, value: Json| drop(map.insert(key.to_owned(), value));
    put("name", json!(node.name));
    put("resource_type", json!(node.resource_type.as_str()));
    put("package_name", json!(&*node.package));
    put("path", json!(node.path));
    put("original_file_path", json!(node.file));
    put("unique_id", json!(node.unique_id));
    put("fqn", json!(node.fqn));
    body.iter().for_each(|(key, value)| put(key, value.clone()));
    put("config", config_json(node));
    put("unrendered_config", Json::Object(node.unrendered.clone()));
    put("depends_on", json!({"macros": node.macros, "nodes": node.depends_on}));
    put("refs", node.refs.iter().map(ref_json).collect());
    put("group", json!(node.config.str("group")));
    if node.resource_type != ResourceType::SemanticModel {
        put("tags", json!(node.tags));
    }
    if node.resource_type == ResourceType::Metric {
        put("meta", json!(node.meta));
        put("sources", json!([]));
        put("metrics", json!(node.metrics));
    }
    map
}

fn ref_json(reference: &Ref) -> Json {
    json!({"name": reference.name, "package": reference.package, "version": reference.version.as_deref().map(version_value)})
}

/// The settings of a node with dbt's defaults under what was set.
pub fn config_json(node: &Node) -> Json {
    let mut map = match defaults(node.resource_type) {
        Json::Object(map) => map,
        _ => Map::new(),
    };
    if let Json::Object(more) = further(node.resource_type) {
        map.extend(more);
    }
    map.extend(node.config.values.clone());
    for hooks in ["pre-hook", "post-hook"] {
        if let Some(value) = map.get_mut(hooks) {
            *value = Json::Array(hook_list(&node.config, hooks));
        }
    }
    Json::Object(map)
}

/// Hooks in the one shape that the manifest has for them: `{sql, transaction, index}`.
fn hook_list(config: &NodeConfig, key: &str) -> Vec<Json> {
    let items = match config.get(key) {
        Some(Json::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let hook = |item: Json| match item {
        Json::Object(map) => json!({
            "sql": map.get("sql").cloned().unwrap_or_default(),
            "transaction": map.get("transaction").and_then(Json::as_bool).unwrap_or(true),
            "index": Json::Null,
        }),
        other => json!({"sql": other, "transaction": true, "index": Json::Null}),
    };
    items.into_iter().map(hook).collect()
}

/// What dbt assumes where nothing is set (`docs.getdbt.com/reference/model-configs` and its siblings).
fn defaults(kind: ResourceType) -> Json {
    match kind {
        ResourceType::Source => json!({
            "enabled": true, "event_time": null, "freshness": null, "loaded_at_field": null, "loaded_at_query": null,
            "meta": {}, "tags": [], "static_analysis": null,
        }),
        ResourceType::Exposure => json!({"enabled": true}),
        ResourceType::UnitTest => json!({"tags": [], "meta": {}, "enabled": true, "static_analysis": null}),
        ResourceType::Metric | ResourceType::SemanticModel => json!({"enabled": true, "group": null, "meta": {}}),
        ResourceType::SavedQuery => json!({
            "enabled": true, "group": null, "meta": {}, "export_as": null, "schema": null, "cache": {"enabled": false},
        }),
        ResourceType::Test => json!({
            "enabled": true, "alias": null, "schema": "dbt_test__audit", "database": null, "tags": [], "meta": {},
            "group": null, "materialized": "test", "severity": "ERROR", "store_failures": null,
            "store_failures_as": null, "where": null, "limit": null, "fail_calc": "count(*)", "warn_if": "!= 0",
            "error_if": "!= 0",
        }),
        _ => json!({
            "enabled": true, "alias": null, "schema": null, "database": null, "tags": [], "meta": {}, "group": null,
            "materialized": materialized(kind), "incremental_strategy": null, "batch_size": null, "lookback": 1,
            "begin": null, "persist_docs": {}, "post-hook": [], "pre-hook": [], "quoting": {}, "column_types": {},
            "full_refresh": null, "unique_key": null, "on_schema_change": "ignore",
            "on_configuration_change": "apply", "grants": {}, "packages": [],
            "docs": {"show": true, "node_color": null}, "contract": {"enforced": false, "alias_types": true},
            "event_time": null, "concurrent_batches": null,
        }),
    }
}

/// What models, seeds and snapshots have over the others.
fn further(kind: ResourceType) -> Json {
    match kind {
        ResourceType::Model => json!({"access": "protected", "freshness": null}),
        ResourceType::Seed => json!({"delimiter": ",", "quote_columns": null}),
        ResourceType::Snapshot => json!({
            "strategy": null, "target_schema": null, "target_database": null, "updated_at": null, "check_cols": null,
            "dbt_valid_to_current": null,
        }),
        _ => Json::Null,
    }
}

fn materialized(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Seed => "seed",
        ResourceType::Snapshot => "snapshot",
        ResourceType::Function => "function",
        _ => "view",
    }
}
