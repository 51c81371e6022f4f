//! Results as `on-run-end` sees them.

use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::jinja::record::Record;
use crate::jinja::shared::Shared;
use crate::node::Node;

/// One of `results`: the node, and what became of it as `run_results.json` says it.
pub fn of(shared: &Shared, node: &Node, result: Json) -> Value {
    let mut parts = object(result);
    let mut own = object(shared.entry(node));
    for key in ["compiled", "compiled_code", "unique_id"] {
        if let Some(value) = parts.remove(key).filter(|value| !value.is_null()) {
            own.insert(key.to_owned(), value);
        }
    }
    parts.remove("relation_name");
    parts.insert("node".to_owned(), Json::Object(own.clone()));
    let steps = parts.get("timing").and_then(Json::as_array).cloned().unwrap_or_default();
    let record = Record::new("RunResult", parts);
    record
        .with("node", Record::new("Node", own).value())
        .with("timing", karat_jinja::list(steps.into_iter().map(step).collect()))
        .with("unique_id", Value::from(node.unique_id.as_str()))
        .value()
}

/// A step of a result, its times as Python's `datetime`.
fn step(step: Json) -> Value {
    let parts = object(step);
    let time = |key: &str| {
        let text = parts.get(key).and_then(Json::as_str).unwrap_or_default();
        karat_jinja::moment(text.trim_end_matches('Z')).unwrap_or(Value::from(()))
    };
    let (started, completed) = (time("started_at"), time("completed_at"));
    Record::new("TimingInfo", parts).with("started_at", started).with("completed_at", completed).value()
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
