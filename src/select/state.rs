//! Comparison with an earlier invocation: `state:` with its manifest, `result:` with its results.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json, json};

use super::config;
use super::methods::bad_choice;
use crate::diagnostic::Diagnostic;
use crate::node::{Detail, Node, ResourceType};

/// What an earlier invocation left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PreviousState {
    /// What its nodes were, by unique id.
    pub nodes: HashMap<String, StateNode>,
    /// What its macros were, by unique id.
    pub macros: HashMap<String, MacroText>,
    /// Macros of today that do something else than they did, or call one that does.
    pub changed_macros: HashSet<String>,
    /// What came of each node (`success`, `error`, `fail` …), if results were left.
    pub results: Option<HashMap<String, String>>,
}

/// What a macro says and calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MacroText {
    /// Its text.
    pub sql: String,
    /// Unique ids of the macros that it calls.
    pub calls: Vec<String>,
}

impl PreviousState {
    /// Reads a manifest.
    pub fn from_manifest(manifest: &Json) -> Self {
        let mut state = Self::default();
        for group in ["nodes", "sources", "exposures"] {
            let found = entries(manifest, group).filter_map(|(id, n)| Some((id.clone(), StateNode::from_json(n)?)));
            state.nodes.extend(found);
        }
        state.macros = entries(manifest, "macros").map(|(id, m)| (id.clone(), macro_text(m))).collect();
        state
    }

    /// Adds the results of a `run_results.json`.
    pub fn add_results(&mut self, results: &Json) {
        let items = results.get("results").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let status = |r: &Json| Some((text(r, "unique_id")?, text(r, "status")?));
        self.results = Some(items.iter().filter_map(status).collect());
    }

    /// Finds out which macros of today are not what they were.
    pub fn compare_macros(&mut self, today: &HashMap<String, MacroText>) {
        let same = |id: &String, now: &MacroText| self.macros.get(id).is_some_and(|old| old.sql == now.sql);
        let mut changed: Vec<&String> = today.iter().filter(|(id, now)| !same(id, now)).map(|(id, _)| id).collect();
        changed.extend(self.macros.keys().filter(|id| !today.contains_key(*id)));
        let mut callers: HashMap<&String, Vec<&String>> = HashMap::new();
        for (id, now) in today {
            now.calls.iter().for_each(|called| callers.entry(called).or_default().push(id));
        }
        let mut all = HashSet::new();
        while let Some(id) = changed.pop() {
            if all.insert(id.clone()) {
                changed.extend(callers.get(id).into_iter().flatten());
            }
        }
        self.changed_macros = all;
    }
}

fn entries<'a>(manifest: &'a Json, group: &str) -> impl Iterator<Item = (&'a String, &'a Json)> {
    manifest.get(group).and_then(Json::as_object).into_iter().flatten()
}

fn macro_text(json: &Json) -> MacroText {
    MacroText { sql: text(json, "macro_sql").unwrap_or_default(), calls: texts(json, "/depends_on/macros") }
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.get(key).and_then(Json::as_str).map(str::to_owned)
}

fn texts(json: &Json, pointer: &str) -> Vec<String> {
    let items = json.pointer(pointer).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// What of a node counts when it is asked whether it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct StateNode {
    /// The checksum of its file; `None` where it is not told.
    pub body: Option<String>,
    /// Its qualified name.
    pub fqn: Vec<String>,
    /// The settings that count, dbt's defaults included.
    pub config: Map<String, Json>,
    /// What was set of database, schema and alias.
    pub relation: Json,
    /// The descriptions that the warehouse is told.
    pub persisted: Json,
    /// The columns that it promises.
    pub contract: Json,
    /// What only models, sources or exposures have.
    pub more: Json,
}

impl StateNode {
    /// What counts of a node of today.
    pub fn of(node: &Node) -> Self {
        let columns = node.columns.values().map(|c| json!([c.name, c.description, c.data_type, c.constraints]));
        let generic = node.generic_test().is_some();
        Self::build(Raw {
            kind: node.resource_type,
            body: (!generic && !node.checksum.is_empty()).then(|| node.checksum.clone()),
            fqn: node.fqn.clone(),
            settings: config::effective(node.resource_type, &node.config.values),
            description: node.description.clone(),
            columns: columns.collect(),
            more: more_of(node),
        })
    }

    /// What counts of a node of a manifest; `None` where it is of a kind that karat has not.
    pub fn from_json(json: &Json) -> Option<Self> {
        let kind_name = text(json, "resource_type")?;
        let kind = ResourceType::ALL.into_iter().find(|k| k.as_str() == kind_name)?;
        let config = json.get("config").and_then(Json::as_object).cloned().unwrap_or_default();
        Some(Self::build(Raw {
            kind,
            body: body_of_json(json),
            fqn: texts(json, "/fqn"),
            settings: config::effective(kind, &config),
            description: text(json, "description").unwrap_or_default(),
            columns: entries(json, "columns").map(|(_, column)| column_of_json(column)).collect(),
            more: more_of_json(kind, json),
        }))
    }

    fn build(raw: Raw) -> Self {
        let set = |key: &str, inner: &str| raw.settings.get(key).and_then(|v| v.get(inner)) == Some(&Json::Bool(true));
        let pick = |at: &[usize]| -> Json {
            raw.columns.iter().map(|c| at.iter().map(|i| c[*i].clone()).collect::<Json>()).collect()
        };
        let relation =
            ["database", "schema", "alias"].iter().map(|k| raw.settings.get(*k).cloned().unwrap_or_default());
        let description = if set("persist_docs", "relation") { raw.description.as_str() } else { "" };
        let columns = if set("persist_docs", "columns") { pick(&[0, 1]) } else { Json::Null };
        Self {
            body: raw.body,
            fqn: raw.fqn,
            relation: relation.collect(),
            persisted: json!([description, columns]),
            contract: if set("contract", "enforced") { pick(&[0, 2, 3]) } else { Json::Null },
            config: counted(raw.kind, raw.settings),
            more: pruned(raw.more),
        }
    }

    fn same_body(&self, old: &Self) -> bool {
        self.body.is_none() || old.body.is_none() || self.body == old.body
    }

    fn same(&self, old: &Self, kind: ResourceType, generic_test: bool) -> bool {
        let named = self.config == old.config && self.fqn == old.fqn;
        match kind {
            ResourceType::Test if generic_test => named,
            _ => {
                let kept = self.same_body(old) && self.persisted == old.persisted && self.relation == old.relation;
                named && kept && self.contract == old.contract && self.more == old.more
            }
        }
    }
}

/// A node of today or of a manifest, before it is known what of it counts.
struct Raw {
    kind: ResourceType,
    body: Option<String>,
    fqn: Vec<String>,
    settings: Map<String, Json>,
    description: String,
    /// Of each column: name, description, type, constraints.
    columns: Vec<Json>,
    more: Json,
}

/// A checksum that can be compared: generic tests have none, a large seed has that of its path.
fn body_of_json(json: &Json) -> Option<String> {
    let sha = json.pointer("/checksum/name").and_then(Json::as_str) == Some("sha256");
    let generic = json.get("test_metadata").is_some_and(|t| !t.is_null());
    let body = json.pointer("/checksum/checksum").and_then(Json::as_str).map(str::to_owned);
    body.filter(|_| sha && !generic)
}

fn column_of_json(column: &Json) -> Json {
    let field = |key: &str| column.get(key).cloned().unwrap_or_default();
    let constraints = column.get("constraints").cloned().unwrap_or_else(|| json!([]));
    json!([field("name"), field("description"), field("data_type"), constraints])
}

/// The settings that count for a kind of node, written in one way.
fn counted(kind: ResourceType, all: Map<String, Json>) -> Map<String, Json> {
    const FREE: [&str; 5] = ["alias", "schema", "database", "tags", "group"];
    const TEST: [&str; 8] =
        ["severity", "where", "limit", "fail_calc", "warn_if", "error_if", "store_failures", "store_failures_as"];
    let counts = |key: &str| match kind {
        ResourceType::Test => TEST.contains(&key),
        ResourceType::Source | ResourceType::Exposure => key == "enabled" || key == "event_time",
        _ => !FREE.contains(&key),
    };
    let kept = all.into_iter().filter(|(key, _)| counts(key)).map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("severity", Json::String(s)) => Json::String(s.to_uppercase()),
            ("pre_hook" | "post_hook", hooks) => hook_texts(hooks),
            (_, value) => value,
        };
        (key, pruned(value))
    });
    kept.filter(|(_, value)| !value.is_null()).collect()
}

/// Hooks are texts or mappings with a text.
fn hook_texts(hooks: Json) -> Json {
    match hooks {
        Json::Array(items) => items.into_iter().map(|h| h.get("sql").cloned().unwrap_or(h)).collect(),
        Json::Null => Json::Null,
        one => json!([one.get("sql").cloned().unwrap_or(one)]),
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
        Detail::Version { latest, .. } => json!({"latest": latest}),
        _ => Json::Null,
    }
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
        _ => match get("latest_version") {
            Json::Null => Json::Null,
            Json::String(latest) => json!({"latest": latest}),
            other => json!({"latest": other.to_string()}),
        },
    }
}

const CHOICES: [&str; 10] = [
    "new",
    "old",
    "modified",
    "unmodified",
    "modified.body",
    "modified.configs",
    "modified.persisted_descriptions",
    "modified.relation",
    "modified.macros",
    "modified.contract",
];

/// What `state:` matches.
///
/// # Errors
/// A diagnostic where there is nothing to compare with, or the value is unknown.
pub(super) fn matcher<'a>(state: Option<&'a PreviousState>, value: &str) -> super::methods::Found<'a> {
    let Some(choice) = CHOICES.into_iter().find(|c| *c == value) else {
        return Err(bad_choice("state", value, &CHOICES));
    };
    let Some(state) = state else {
        let message = format!("`state:{value}` needs an earlier manifest to compare with");
        return Err(Box::new(
            Diagnostic::error("bad-selector", message).hint("karat does not compare with an earlier state yet"),
        ));
    };
    Ok(Box::new(move |node| holds(choice, state, node)))
}

/// Whether `state:<choice>` holds for a node.
fn holds(choice: &str, state: &PreviousState, node: &Node) -> bool {
    let old = state.nodes.get(&node.unique_id);
    let macros = || node.macros.iter().any(|id| state.changed_macros.contains(id));
    let has_relation = !matches!(node.resource_type, ResourceType::Source | ResourceType::Exposure);
    let part = |same: &dyn Fn(&StateNode, &StateNode) -> bool| old.is_none_or(|old| !same(&StateNode::of(node), old));
    match choice {
        "new" => old.is_none(),
        "old" => old.is_some(),
        "modified" => changed(old, node) || macros(),
        "unmodified" => !(changed(old, node) || macros()),
        "modified.macros" => macros(),
        "modified.configs" => part(&|new, old| new.config == old.config),
        "modified.relation" => part(&|new, old| new.relation == old.relation),
        // What is written of a generic test is its settings.
        "modified.body" if node.generic_test().is_some() => part(&|new, old| new.config == old.config),
        "modified.body" => has_relation && part(&StateNode::same_body),
        "modified.persisted_descriptions" => has_relation && part(&|new, old| new.persisted == old.persisted),
        _ => has_relation && part(&|new, old| new.contract == old.contract),
    }
}

/// Whether a node is not what it was. A new source or exposure is no change, as in dbt.
fn changed(old: Option<&StateNode>, node: &Node) -> bool {
    match old {
        None => !matches!(node.resource_type, ResourceType::Source | ResourceType::Exposure),
        Some(old) => !StateNode::of(node).same(old, node.resource_type, node.generic_test().is_some()),
    }
}

/// What `result:` matches.
///
/// # Errors
/// A diagnostic where no results were left.
pub(super) fn result_matcher<'a>(state: Option<&'a PreviousState>, value: String) -> super::methods::Found<'a> {
    let Some(results) = state.and_then(|s| s.results.as_ref()) else {
        let message = format!("`result:{value}` needs the results of an earlier run");
        return Err(Box::new(
            Diagnostic::error("bad-selector", message).hint("karat does not look at earlier results yet"),
        ));
    };
    Ok(Box::new(move |node| results.get(&node.unique_id) == Some(&value)))
}
