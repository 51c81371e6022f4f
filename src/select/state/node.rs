//! What of a node counts when it is asked whether it changed: from the graph of today, and from an earlier manifest.

use serde_json::{Map, Value as Json, json};

use super::{entries, text, texts};
use crate::node::{Detail, Node, ResourceType};
use crate::report::artifacts::contract_checksum;

/// What of a node counts.
#[derive(Debug, Clone, PartialEq)]
pub struct StateNode {
    /// The checksum of a seed, the template of anything else; `None` where it is not told.
    pub body: Option<String>,
    /// Its qualified name.
    pub fqn: Vec<String>,
    /// The settings that count, as written.
    pub config: Map<String, Json>,
    /// What was set of database, schema and alias, as written.
    pub relation: Json,
    /// Its description, and those of its columns.
    pub descriptions: [Json; 2],
    /// Whether it promises its columns, and the checksum of what it promises.
    pub contract: Option<Json>,
    /// What only models, sources or exposures have.
    pub more: Json,
}

impl StateNode {
    /// What counts of a node of today.
    pub fn of(node: &Node) -> Self {
        let columns: Map<String, Json> =
            node.columns.iter().map(|(name, c)| (name.clone(), json!(c.description))).collect();
        let body = match node.resource_type {
            ResourceType::Seed => node.checksum.clone(),
            _ => node.raw_code.trim().to_owned(),
        };
        let enforced = node.config.get("contract").and_then(|c| c.get("enforced")) == Some(&Json::Bool(true));
        let counts = node.generic_test().is_none() && !body.is_empty();
        Self {
            body: counts.then_some(body),
            fqn: node.fqn.clone(),
            config: counted(node.resource_type, &node.unrendered),
            relation: relation(&node.unrendered),
            descriptions: [json!(node.description), Json::Object(columns)],
            contract: enforced.then(|| json!(contract_checksum(node))),
            more: pruned(more_of(node)),
        }
    }

    /// What counts of a node of a manifest; `None` where it is of a kind that karat has not.
    pub fn from_json(json: &Json) -> Option<Self> {
        let kind_name = text(json, "resource_type")?;
        let kind = ResourceType::ALL.into_iter().find(|k| k.as_str() == kind_name)?;
        let settings = json.get("unrendered_config").and_then(Json::as_object).cloned().unwrap_or_default();
        let columns: Map<String, Json> = entries(json, "columns")
            .map(|(name, c)| (name.clone(), c.get("description").cloned().unwrap_or_default()))
            .collect();
        let enforced = json.pointer("/contract/enforced") == Some(&Json::Bool(true));
        Some(Self {
            body: body_of_json(kind, json),
            fqn: texts(json, "/fqn"),
            config: counted(kind, &settings),
            relation: relation(&settings),
            descriptions: [json!(text(json, "description").unwrap_or_default()), Json::Object(columns)],
            contract: enforced.then(|| json.pointer("/contract/checksum").cloned().unwrap_or_default()),
            more: pruned(more_of_json(kind, json)),
        })
    }

    /// Whether the template, or the rows of a seed, are the same.
    pub(super) fn same_body(&self, old: &Self) -> bool {
        self.body.is_none() || old.body.is_none() || self.body == old.body
    }

    /// Whether the descriptions that the warehouse is told are the same: `node` says which those are.
    pub(super) fn same_descriptions(&self, old: &Self, node: &Node) -> bool {
        let told = |what: &str| node.config.get("persist_docs").and_then(|p| p.get(what)) == Some(&Json::Bool(true));
        ["relation", "columns"].iter().enumerate().all(|(i, w)| !told(w) || self.descriptions[i] == old.descriptions[i])
    }

    /// Whether nothing of it that counts is another.
    pub(super) fn same(&self, old: &Self, node: &Node) -> bool {
        let named = self.config == old.config && self.fqn == old.fqn;
        if node.generic_test().is_some() {
            return named;
        }
        let kept = self.same_body(old) && self.same_descriptions(old, node) && self.relation == old.relation;
        named && kept && self.contract == old.contract && self.more == old.more
    }
}

/// What was written in a manifest of a node's template; of a seed its checksum, unless it is that of the path only.
fn body_of_json(kind: ResourceType, json: &Json) -> Option<String> {
    if kind == ResourceType::Seed {
        let sha = json.pointer("/checksum/name").and_then(Json::as_str) == Some("sha256");
        let body = json.pointer("/checksum/checksum").and_then(Json::as_str).map(str::to_owned);
        return body.filter(|_| sha);
    }
    let generic = json.get("test_metadata").is_some_and(|t| !t.is_null());
    text(json, "raw_code").map(|code| code.trim().to_owned()).filter(|code| !generic && !code.is_empty())
}

fn relation(settings: &Map<String, Json>) -> Json {
    ["database", "schema", "alias"].iter().map(|key| settings.get(*key).cloned().unwrap_or_default()).collect()
}

/// The settings that count for a kind of node.
fn counted(kind: ResourceType, all: &Map<String, Json>) -> Map<String, Json> {
    const FREE: [&str; 5] = ["alias", "schema", "database", "tags", "group"];
    const TEST: [&str; 8] =
        ["severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as"];
    let counts = |key: &str| match kind {
        ResourceType::Test => TEST.contains(&key),
        kind if kind.is_declared() => true,
        _ => !FREE.contains(&key),
    };
    let kept = all.iter().filter(|(key, _)| counts(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    match kind {
        // dbt writes settings of sources that nobody set.
        ResourceType::Source => pruned(Json::Object(kept)).as_object().cloned().unwrap_or_default(),
        _ => kept,
    }
}

/// The value without what is empty; null where nothing is left.
fn pruned(value: Json) -> Json {
    match value {
        Json::Object(map) => {
            let map: Map<String, Json> =
                map.into_iter().map(|(k, v)| (k, pruned(v))).filter(|(_, v)| !v.is_null()).collect();
            if map.is_empty() { Json::Null } else { Json::Object(map) }
        }
        Json::Array(items) if items.is_empty() => Json::Null,
        Json::Array(items) => Json::Array(items.into_iter().map(pruned).collect()),
        other => other,
    }
}

fn more_of(node: &Node) -> Json {
    match &node.detail {
        Detail::Source(s) => json!({
            "at": [node.database, node.schema, s.identifier],
            "quoting": s.quoting, "freshness": s.freshness, "loaded_at_field": s.loaded_at_field,
            "external": s.external,
        }),
        Detail::Exposure(e) => {
            let mut reads = node.depends_on.clone();
            reads.sort_unstable();
            json!({
                "type": e.kind, "owner": e.owner, "maturity": e.maturity, "url": e.url, "label": e.label,
                "description": node.description, "reads": reads,
            })
        }
        Detail::Semantic(body) => semantic(Json::Object((**body).clone())),
        Detail::Version { latest, .. } => json!({"latest": latest, "access": access(node)}),
        _ if node.resource_type == ResourceType::Model => json!({"access": access(node)}),
        _ => Json::Null,
    }
}

/// What a metric, semantic model or saved query says itself.
fn semantic(mut json: Json) -> Json {
    const KEYS: [&str; 16] = [
        "description",
        "label",
        "type",
        "type_params",
        "filter",
        "time_granularity",
        "model",
        "defaults",
        "entities",
        "measures",
        "dimensions",
        "primary_entity",
        "query_params",
        "exports",
        "metadata",
        "node_relation",
    ];
    if let Json::Object(map) = &mut json {
        map.retain(|key, _| KEYS.contains(&key.as_str()) && key != "node_relation");
    }
    json
}

fn access(node: &Node) -> &str {
    node.config.str("access").unwrap_or("protected")
}

fn more_of_json(kind: ResourceType, json: &Json) -> Json {
    let get = |key: &str| json.get(key).cloned().unwrap_or_default();
    match kind {
        ResourceType::Source => json!({
            "at": [get("database"), get("schema"), get("identifier")],
            "quoting": get("quoting"), "freshness": get("freshness"), "loaded_at_field": get("loaded_at_field"),
            "external": get("external"),
        }),
        ResourceType::Exposure => {
            let mut reads = texts(json, "/depends_on/nodes");
            reads.sort_unstable();
            json!({
                "type": get("type"), "owner": get("owner"), "maturity": get("maturity"), "url": get("url"),
                "label": get("label"), "description": text(json, "description").unwrap_or_default(), "reads": reads,
            })
        }
        kind if kind.is_semantic() => semantic(json.clone()),
        ResourceType::Model => {
            let access = text(json, "access").unwrap_or_else(|| "protected".to_owned());
            match get("latest_version") {
                Json::Null => json!({"access": access}),
                Json::String(latest) => json!({"latest": latest, "access": access}),
                other => json!({"latest": other.to_string(), "access": access}),
            }
        }
        _ => Json::Null,
    }
}
