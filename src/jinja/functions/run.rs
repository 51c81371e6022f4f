//! How the node is run: `is_incremental` and its siblings, and the results of statements.

use std::sync::Arc;

use minijinja::value::from_args;
use minijinja::{Error, Value};

use crate::jinja::args;
use crate::jinja::scope::Scope;
use crate::node::NodeConfig;

/// Whether this render is of an incremental model that is there already and is not to be rebuilt
/// (`docs.getdbt.com/docs/build/incremental-models`).
pub fn is_incremental(scope: &Scope) -> bool {
    let Some(node) = scope.owner.node() else { return false };
    scope.execute
        && node.materialized() == "incremental"
        && !should_full_refresh(scope)
        && scope.this().is_some_and(|r| r.kind == Some(karat_adapters::RelationKind::Table))
}

pub(super) fn should_full_refresh(scope: &Scope) -> bool {
    let own = scope.owner.node().and_then(|n| n.config.bool("full_refresh"));
    own.unwrap_or_else(|| scope.shared.flag("FULL_REFRESH"))
}

/// Whether the rows of a failing test are kept.
pub fn stores_failures(config: &NodeConfig, flag: bool) -> bool {
    match config.str("store_failures_as") {
        Some(kind) => kind != "ephemeral",
        None => config.bool("store_failures").unwrap_or(flag),
    }
}

pub(super) fn should_store_failures(scope: &Scope) -> bool {
    scope.owner.node().is_some_and(|n| stores_failures(&n.config, scope.shared.flag("STORE_FAILURES")))
}

pub(super) fn store_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the result")?;
    let part = |index: usize, key: &str| args::option(rest, index, key).unwrap_or(Value::from(()));
    let table = part(1, "agate_table");
    let data = match table.get_attr("rows") {
        Ok(rows) if !rows.is_undefined() => karat_jinja::list(rows.try_iter()?.collect()),
        _ => karat_jinja::list(Vec::new()),
    };
    let result = karat_jinja::dict([("response", part(0, "response")), ("data", data), ("table", table)]);
    scope.said().results.insert(name, (result, None));
    Ok(Value::from(""))
}

/// `store_raw_result(name, message, code, rows_affected, agate_table)`.
pub(super) fn store_raw_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first(args, "the name of the result")?;
    let part = |index: usize, key: &str| args::option(rest, index, key).unwrap_or(Value::from(()));
    let response = karat_jinja::dict([
        ("_message", part(0, "message")),
        ("code", part(1, "code")),
        ("rows_affected", part(2, "rows_affected")),
    ]);
    store_result(scope, &[name.clone(), response, part(3, "agate_table")])
}

pub(super) fn load_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name,): (String,) = from_args(args)?;
    Ok(scope.said().results.get(&name).map_or(Value::from(()), |(value, _)| value.clone()))
}
