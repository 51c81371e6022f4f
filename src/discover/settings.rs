//! Settings whose form decides what is built: one of a wrong form would be ignored in silence.

use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::node::{Node, ResourceType};

/// What a setting has to be, and how to say so.
type Form = (fn(&Json) -> bool, &'static str);

const TEXT: Form = (Json::is_string, "write a text: put it in quotes");
const FLAG: Form = (is_flag, "write `true` or `false`");
const TEXTS: Form = (is_texts, "write a text, or a list of texts");
const MAPPING: Form = (Json::is_object, "write a mapping of keys to values");
const HOOKS: Form = (is_hooks, "write SQL as a text, or a list of such texts");

const FORMS: [(&str, Form); 9] = [
    ("enabled", FLAG),
    ("materialized", TEXT),
    ("database", TEXT),
    ("schema", TEXT),
    ("alias", TEXT),
    ("tags", TEXTS),
    ("meta", MAPPING),
    ("pre-hook", HOOKS),
    ("post-hook", HOOKS),
];

/// The further settings of nodes that have a meaning of their own.
const OTHERS: [&str; 36] = [
    "access",
    "batch_size",
    "begin",
    "check_cols",
    "column_types",
    "concurrent_batches",
    "contract",
    "dbt_valid_to_current",
    "delimiter",
    "docs",
    "error_if",
    "event_time",
    "fail_calc",
    "freshness",
    "full_refresh",
    "grants",
    "group",
    "hard_deletes",
    "incremental_strategy",
    "limit",
    "lookback",
    "on_configuration_change",
    "on_schema_change",
    "packages",
    "persist_docs",
    "quote_columns",
    "quoting",
    "severity",
    "static_analysis",
    "store_failures",
    "store_failures_as",
    "strategy",
    "unique_key",
    "updated_at",
    "warn_if",
    "where",
];

/// Whether a setting is none of the project's own.
pub(super) fn is_known(key: &str) -> bool {
    OTHERS.contains(&key) || FORMS.iter().any(|(known, _)| *known == key)
}

/// An error for each setting of a node that has a form which it can't have.
pub(super) fn check(node: &Node) -> Vec<Diagnostic> {
    if node.resource_type.is_declared() || node.resource_type == ResourceType::Operation {
        return Vec::new();
    }
    let wrong = FORMS.iter().filter_map(|(key, (fits, hint))| {
        let value = node.config.get(key).filter(|value| !fits(value))?;
        Some((*key, value, *hint))
    });
    wrong
        .map(|(key, value, hint)| {
            let message = format!("{}: `{key}` can't be {value}", node.label());
            Diagnostic::error("bad-config", message).at(node.setting_span(key), "").hint(hint)
        })
        .collect()
}

fn is_flag(value: &Json) -> bool {
    let is_word = |text: &str| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    value.is_boolean() || value.as_str().is_some_and(is_word)
}

fn is_texts(value: &Json) -> bool {
    value.is_string()
        || value.as_array().is_some_and(|items| items.iter().all(|item| !item.is_object() && !item.is_array()))
}

fn is_hooks(value: &Json) -> bool {
    match value {
        Json::String(_) => true,
        Json::Object(map) => map.get("sql").is_some_and(Json::is_string),
        Json::Array(items) => items.iter().all(|item| !item.is_array() && is_hooks(item)),
        _ => false,
    }
}
