//! A node as templates see it (`model`, `graph.nodes[…]`): the shape of the manifest.

use serde_json::{Map, Value as Json, json};

use crate::node::{ColumnDoc, Detail, Node, NodeConfig, Ref, ResourceType, version_value};

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

/// The node as data.
pub fn node_json(node: &Node) -> Json {
    if let Detail::Semantic(body) = &node.detail {
        return Json::Object(semantic_json(node, body));
    }
    let mut map = Map::new();
    let mut put = |key: &str, value: Json| drop(map.insert(key.to_owned(), value));
    put("unique_id", json!(node.unique_id));
    put("name", json!(node.name));
    put("resource_type", json!(node.resource_type.as_str()));
    put("package_name", json!(&*node.package));
    put("path", json!(node.path));
    put("original_file_path", json!(node.file));
    put("database", json!(node.database));
    put("schema", json!(node.schema));
    put("alias", json!(node.alias));
    put("relation_name", json!(node.relation_name));
    put("fqn", json!(node.fqn));
    put("config", config_json(node));
    put("unrendered_config", Json::Object(node.unrendered.clone()));
    put("tags", json!(node.tags));
    put("meta", Json::Object(node.meta.clone()));
    put("description", json!(node.description));
    put("columns", Json::Object(node.columns.iter().map(|(k, c)| (k.clone(), column_json(c))).collect()));
    put("raw_code", json!(&*node.raw_code));
    put("language", json!(if node.is_python() { "python" } else { "sql" }));
    put("refs", node.refs.iter().map(ref_json).collect());
    put("sources", node.sources.iter().map(|(s, t)| json!([s, t])).collect());
    put("depends_on", json!({"macros": node.macros, "nodes": node.depends_on}));
    put("patch_path", json!(node.patch_file.as_ref().map(|p| format!("{}://{p}", node.package))));
    put("checksum", json!({"name": "sha256", "checksum": node.checksum}));
    put("group", json!(node.config.str("group")));
    detail(node, &mut map);
    if node.resource_type == ResourceType::Model {
        model(node, &mut map);
    }
    Json::Object(map)
}

fn detail(node: &Node, map: &mut Map<String, Json>) {
    let mut put = |key: &str, value: Json| drop(map.insert(key.to_owned(), value));
    match &node.detail {
        Detail::None | Detail::Hook { .. } | Detail::Semantic(_) => {}
        Detail::Test(t) => {
            put("test_metadata", json!({"name": t.name, "namespace": t.namespace, "kwargs": t.kwargs}));
            put("column_name", json!(t.column));
            put("attached_node", json!(t.attached));
        }
        Detail::Source(s) => {
            put("source_name", json!(s.source_name));
            put("identifier", json!(s.identifier));
            put("loader", json!(s.loader));
            put("source_description", json!(s.source_description));
            put("source_meta", Json::Object(s.source_meta.clone()));
            put("external", s.external.clone().unwrap_or_default());
            put("freshness", json!(s.freshness));
            put("loaded_at_field", json!(s.loaded_at_field));
            put("loaded_at_query", json!(s.loaded_at_query));
        }
        Detail::Exposure(e) => {
            put("type", json!(e.kind));
            put("owner", Json::Object(e.owner.clone()));
            put("maturity", json!(e.maturity));
            put("url", json!(e.url));
            put("label", json!(e.label));
        }
        Detail::Version { .. } => {}
        Detail::UnitTest(t) => {
            put("model", json!(t.model));
            put("version", json!(t.version));
            for key in ["alias", "tags", "database", "relation_name", "raw_code", "columns", "language"] {
                map.remove(key);
            }
        }
    }
}

/// What models have besides other nodes.
fn model(node: &Node, map: &mut Map<String, Json>) {
    let mut put = |key: &str, value: Json| drop(map.insert(key.to_owned(), value));
    let version = node.version();
    put("version", version.map_or(Json::Null, |(own, _)| version_value(own)));
    put("latest_version", version.map_or(Json::Null, |(_, latest)| version_value(latest)));
    put("access", json!(node.config.str("access").unwrap_or("protected")));
    put("deprecation_date", json!(node.deprecation_date));
    put("constraints", json!(node.constraints));
}

/// A column as data.
pub fn column_json(column: &ColumnDoc) -> Json {
    json!({
        "name": column.name, "description": column.description, "data_type": column.data_type,
        "quote": column.quote, "meta": column.meta, "tags": column.tags, "constraints": column.constraints,
    })
}

/// The settings of a node with dbt's defaults under what was set.
pub fn config_json(node: &Node) -> Json {
    let mut map = match defaults(node.resource_type) {
        Json::Object(map) => map,
        _ => Map::new(),
    };
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

fn materialized(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Seed => "seed",
        ResourceType::Snapshot => "snapshot",
        _ => "view",
    }
}
