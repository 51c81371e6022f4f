//! What the macros of snapshots ask `adapter` and `api`.

use std::sync::Arc;

use minijinja::{Error, Value};

use super::ask::{column_values, relation_arg};
use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::scope::Scope;

/// `adapter.get_hard_deletes_behavior(config)`: ignore, invalidate or new_record.
///
/// # Errors
/// The settings say something else, or both the present and the old one are set.
pub(super) fn hard_deletes(scope: &Scope) -> Result<Value, Error> {
    let config = scope.owner.node().map(|node| &node.config);
    let invalidate = config.and_then(|c| c.get("invalidate_hard_deletes"));
    let behaviour = config.and_then(|c| c.get("hard_deletes"));
    let wrong = |message: String| Err(problem(Diagnostic::error("bad-snapshot", message)));
    match (behaviour.map(|b| b.as_str().unwrap_or_default()), invalidate) {
        (Some(_), Some(_)) => wrong("`hard_deletes` and `invalidate_hard_deletes` are both set".to_owned()),
        (Some(known @ ("ignore" | "invalidate" | "new_record")), None) => Ok(Value::from(known)),
        (Some(_), None) => wrong(format!(
            "`hard_deletes` is {}: it is one of ignore, invalidate, new_record",
            behaviour.unwrap_or(&serde_json::Value::Null)
        )),
        (None, Some(on)) if on != &serde_json::Value::Bool(false) => Ok(Value::from("invalidate")),
        (None, _) => Ok(Value::from("ignore")),
    }
}

/// `adapter.assert_valid_snapshot_target_given_strategy(relation, names, strategy)` and
/// `adapter.valid_snapshot_target(relation, names)`: whether a table was made by a snapshot.
///
/// # Errors
/// It was not: columns are missing.
pub(super) fn check_target(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    let there: Vec<String> = column_values(scope, &relation)?
        .iter()
        .filter_map(|c| c.get_attr("name").ok().map(|n| n.to_string().to_lowercase()))
        .collect();
    let names = args::option(args, 1, "column_names").filter(|v| !v.is_none());
    let named = |key: &str| {
        let own = names.as_ref().and_then(|n| n.get_attr(key).ok()).filter(|v| !v.is_undefined());
        own.map_or_else(|| key.to_owned(), |v| v.to_string())
    };
    let strategy = args::option(args, 2, "strategy").and_then(|s| s.get_attr("hard_deletes").ok());
    let marks_deletes = strategy.is_some_and(|s| s.as_str() == Some("new_record"));
    let keys =
        ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"].into_iter().chain(marks_deletes.then_some("dbt_is_deleted"));
    let missing: Vec<String> =
        keys.map(named).filter(|name| !there.contains(&name.to_lowercase())).map(|name| format!("`{name}`")).collect();
    if missing.is_empty() {
        return Ok(Value::from(()));
    }
    let message = format!("{} is no table of this snapshot: it lacks {}", relation.sql(), missing.join(", "));
    Err(problem(Diagnostic::error("not-a-snapshot", message).hint(
        "a table of that name was made by something else, or with other settings: rename it, or give the snapshot another `alias`",
    )))
}
