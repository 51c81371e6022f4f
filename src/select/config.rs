//! Settings as selection sees them: what was set, over dbt's defaults.

use serde_json::{Value as Json, json};

use crate::node::{Node, ResourceType};

/// What a setting of a node is, by the keys that lead to it; `None` where there is no such setting.
pub(super) fn lookup(node: &Node, keys: &[String]) -> Option<Json> {
    let (first, rest) = keys.split_first()?;
    let set = node.config.values.get(first.as_str()).or_else(|| node.config.values.get(&first.replace('_', "-")));
    let own = match (first.as_str(), set) {
        ("tags", _) => json!(node.tags),
        ("meta", _) => Json::Object(node.meta.clone()),
        (_, Some(value)) => value.clone(),
        (_, None) => default(node.resource_type, first)?,
    };
    let value = over(default(node.resource_type, first), own);
    rest.iter().try_fold(value, |value, key| value.get(key).cloned())
}

/// The value of a setting that nobody set.
fn default(kind: ResourceType, key: &str) -> Option<Json> {
    defaults(kind).into_iter().find(|(own, _)| *own == key).map(|(_, value)| value)
}

/// A mapping keeps those defaults that it does not set itself.
fn over(default: Option<Json>, own: Json) -> Json {
    match (default, own) {
        (Some(Json::Object(mut all)), Json::Object(own)) => {
            all.extend(own);
            Json::Object(all)
        }
        (_, own) => own,
    }
}

fn defaults(kind: ResourceType) -> Vec<(&'static str, Json)> {
    let mut all = vec![("enabled", json!(true))];
    match kind {
        kind if kind.is_declared() => {}
        ResourceType::Test => all.extend([
            ("materialized", json!("test")),
            ("schema", json!("dbt_test__audit")),
            ("severity", json!("ERROR")),
            ("fail_calc", json!("count(*)")),
            ("warn_if", json!("!= 0")),
            ("error_if", json!("!= 0")),
        ]),
        _ => all.extend(relation_defaults(kind)),
    }
    all
}

fn relation_defaults(kind: ResourceType) -> Vec<(&'static str, Json)> {
    let mut all = vec![
        ("lookback", json!(1)),
        ("on_schema_change", json!("ignore")),
        ("on_configuration_change", json!("apply")),
        ("docs", json!({"show": true})),
        ("contract", json!({"enforced": false, "alias_types": true})),
    ];
    all.extend(match kind {
        ResourceType::Seed => vec![("materialized", json!("seed")), ("delimiter", json!(","))],
        ResourceType::Snapshot => vec![("materialized", json!("snapshot"))],
        ResourceType::Function => vec![("materialized", json!("function")), ("type", json!("scalar"))],
        ResourceType::Model => vec![("materialized", json!("view")), ("access", json!("protected"))],
        _ => vec![("materialized", json!("view"))],
    });
    all
}

/// Whether a setting is what a criterion looks for: equal, or a list that holds it. Texts `true` and `false` stand for
/// the booleans too; `severity` may be written in any case.
pub(super) fn matches(keys: &[String], wanted: &Json, value: &Json) -> bool {
    let any_case = keys.len() == 1 && keys[0] == "severity";
    match value {
        Json::Array(items) => items.iter().any(|item| equals(wanted, item, any_case)),
        other => equals(wanted, other, any_case),
    }
}

fn equals(wanted: &Json, value: &Json, any_case: bool) -> bool {
    match (wanted, value) {
        (Json::String(a), Json::String(b)) if any_case => a.eq_ignore_ascii_case(b),
        (Json::String(text), Json::Bool(b)) => text.eq_ignore_ascii_case(if *b { "true" } else { "false" }),
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => wanted == value,
    }
}
