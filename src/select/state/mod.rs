//! Comparison with an earlier invocation: `state:` with its manifest, `result:` with its results.

mod node;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::Value as Json;

use super::methods::bad_choice;
use crate::diagnostic::Diagnostic;
use crate::node::Node;
pub use node::StateNode;

/// What an earlier invocation left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PreviousState {
    /// What its nodes were, by unique id, if a manifest was left.
    pub nodes: Option<HashMap<String, StateNode>>,
    /// What its macros were, by unique id, without those that come with dbt or karat.
    pub macros: HashMap<String, MacroText>,
    /// Macros of today that do something else than they did, or call one that does.
    pub changed_macros: HashSet<String>,
    /// What came of each node (`success`, `error`, `fail` …), if results were left.
    pub results: Option<HashMap<String, String>>,
    /// When each source table was last loaded, as far as `sources.json` tells: what was left, and what is known today.
    pub sources: [Option<HashMap<String, Timestamp>>; 2],
}

/// What a macro says and calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MacroText {
    /// Its text.
    pub sql: String,
    /// Unique ids of the macros that it calls.
    pub calls: Vec<String>,
}

/// The parts of a manifest that hold nodes.
const GROUPS: [&str; 6] = ["nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries"];

impl PreviousState {
    /// Reads a manifest.
    pub fn from_manifest(manifest: &Json) -> Self {
        let mut state = Self::default();
        state.add_manifest(manifest);
        state
    }

    /// Adds what a `manifest.json` tells.
    pub fn add_manifest(&mut self, manifest: &Json) {
        let nodes = GROUPS.iter().flat_map(|group| entries(manifest, group));
        self.nodes = Some(nodes.filter_map(|(id, n)| Some((id.clone(), StateNode::from_json(n)?))).collect());
        let adapter = manifest.pointer("/metadata/adapter_type").and_then(Json::as_str).unwrap_or_default();
        let built_in = ["macro.dbt.".to_owned(), format!("macro.dbt_{adapter}.")];
        let own = |id: &str| !built_in.iter().any(|prefix| id.starts_with(prefix));
        let macros = entries(manifest, "macros").filter(|(id, _)| own(id));
        self.macros = macros.map(|(id, m)| (id.clone(), macro_text(m))).collect();
    }

    /// Adds what a `run_results.json` tells.
    pub fn add_results(&mut self, results: &Json) {
        let status = |r: &Json| Some((text(r, "unique_id")?, text(r, "status")?));
        self.results = Some(results_of(results).iter().filter_map(status).collect());
    }

    /// Adds what a `sources.json` tells: that which was left, or (`today`) that of the target folder.
    pub fn add_sources(&mut self, sources: &Json, today: bool) {
        let loaded = |r: &Json| Some((text(r, "unique_id")?, moment(&text(r, "max_loaded_at")?)?));
        self.sources[usize::from(today)] = Some(results_of(sources).iter().filter_map(loaded).collect());
    }

    /// Finds out which macros of today (without those that come with karat) are not what they were.
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

fn results_of(json: &Json) -> &[Json] {
    json.get("results").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A moment of an artifact; one without an offset is in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
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
    let Some((state, nodes)) = state.and_then(|s| Some((s, s.nodes.as_ref()?))) else {
        return Err(nothing_left(&format!("state:{value}"), "manifest.json"));
    };
    Ok(Box::new(move |node| holds(choice, state, nodes, node)))
}

/// The error for a criterion that compares with something that was not left.
fn nothing_left(criterion: &str, file: &str) -> Box<Diagnostic> {
    let message = format!("`{criterion}` compares with an earlier {file}, and there is none");
    Box::new(
        Diagnostic::error("no-state", message)
            .hint("name the folder that holds the artifacts of that run: --state DIR"),
    )
}

/// Whether `state:<choice>` holds for a node.
fn holds(choice: &str, state: &PreviousState, nodes: &HashMap<String, StateNode>, node: &Node) -> bool {
    let old = nodes.get(&node.unique_id);
    let macros = || node.macros.iter().any(|id| state.changed_macros.contains(id));
    let is_reader = node.resource_type.is_reader();
    let has_body = !node.resource_type.is_declared();
    let part = |same: &dyn Fn(&StateNode, &StateNode) -> bool| old.is_none_or(|old| !same(&StateNode::of(node), old));
    match choice {
        "new" => old.is_none(),
        "old" => old.is_some(),
        "modified" => changed(old, node) || macros(),
        "unmodified" => !(changed(old, node) || macros()),
        "modified.macros" => macros(),
        "modified.configs" => part(&|new, old| new.config == old.config),
        "modified.relation" if has_body => part(&|new, old| new.relation == old.relation),
        "modified.relation" => !is_reader && part(&|new, old| new.more.get("at") == old.more.get("at")),
        // What is written of a generic test is its settings.
        "modified.body" if node.generic_test().is_some() => part(&|new, old| new.config == old.config),
        "modified.body" => has_body && part(&StateNode::same_body),
        "modified.persisted_descriptions" => has_body && part(&|new, old| new.same_descriptions(old, node)),
        _ => has_body && part(&|new, old| new.contract == old.contract),
    }
}

/// Whether a node is not what it was. A new source or exposure is no change, as in dbt.
fn changed(old: Option<&StateNode>, node: &Node) -> bool {
    match old {
        None => !node.resource_type.is_declared(),
        Some(old) => !StateNode::of(node).same(old, node),
    }
}

/// What `result:` matches.
///
/// # Errors
/// A diagnostic where no results were left.
pub(super) fn result_matcher<'a>(state: Option<&'a PreviousState>, value: String) -> super::methods::Found<'a> {
    let Some(results) = state.and_then(|s| s.results.as_ref()) else {
        return Err(nothing_left(&format!("result:{value}"), "run_results.json"));
    };
    Ok(Box::new(move |node| results.get(&node.unique_id) == Some(&value)))
}

/// What `source_status:` matches: source tables that were loaded since.
///
/// # Errors
/// A diagnostic where there is nothing to compare, or the value is unknown.
pub(super) fn source_matcher<'a>(state: Option<&'a PreviousState>, value: &str) -> super::methods::Found<'a> {
    if value != "fresher" {
        return Err(bad_choice("source_status", value, &["fresher"]));
    }
    let [earlier, today] = match state {
        Some(state) => [state.sources[0].as_ref(), state.sources[1].as_ref()],
        None => [None, None],
    };
    let Some(earlier) = earlier else { return Err(nothing_left("source_status:fresher", "sources.json")) };
    let Some(today) = today else {
        let message = "`source_status:fresher` compares with the sources.json of the target folder, and there is none";
        let hint = "run `karat source freshness` first";
        return Err(Box::new(Diagnostic::error("no-state", message).hint(hint)));
    };
    Ok(Box::new(move |node| {
        let loaded = today.get(&node.unique_id);
        loaded.is_some_and(|now| earlier.get(&node.unique_id).is_none_or(|before| now > before))
    }))
}
