//! How the node is run: `is_incremental` and its siblings, and the results of statements.

use std::sync::Arc;

use karat_adapters::Table;
use minijinja::value::from_args;
use minijinja::{Error, Value};

use crate::diagnostic::Diagnostic;
use crate::jinja::adapter::Response;
use crate::jinja::agate::Agate;
use crate::jinja::args;
use crate::jinja::error::problem;
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
    store(scope, name, part(0, "response"), part(1, "agate_table"))
}

fn store(scope: &Arc<Scope>, name: String, response: Value, table: Value) -> Result<Value, Error> {
    let table = if table.is_none() { Agate::of(&Table::default(), &scope.shared) } else { table };
    let data = match table.get_attr("rows") {
        Ok(rows) if !rows.is_undefined() => rows
            .try_iter()?
            .map(|row| Ok(karat_jinja::tuple(row.try_iter()?.collect())))
            .collect::<Result<_, Error>>()?,
        _ => Vec::new(),
    };
    let data = karat_jinja::list(data);
    let result = karat_jinja::dict([("response", response), ("data", data), ("table", table)]);
    scope.said().results.insert(name, result);
    Ok(Value::from(""))
}

pub(super) fn store_raw_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the result")?;
    let part = |index: usize, key: &str| args::option(rest, index, key).unwrap_or(Value::from(()));
    let rows = u64::try_from(part(2, "rows_affected")).ok();
    let response = Response { message: karat_jinja::py_str(&part(0, "message")), code: part(1, "code"), rows };
    store(scope, name, Value::from_object(response), part(3, "agate_table"))
}

/// `load_result(name)`: what was stored under this name. It can be loaded once, but for `main`.
pub(super) fn load_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name,): (String,) = from_args(args)?;
    let mut said = scope.said();
    let found = match name.as_str() {
        "main" => said.results.get(&name).cloned(),
        _ => said.results.get_mut(&name).map(|stored| std::mem::replace(stored, Value::UNDEFINED)),
    };
    match found {
        Some(value) if value.is_undefined() => Err(problem(
            Diagnostic::error("result-loaded-twice", format!("the result `{name}` was loaded before"))
                .hint("a result can be loaded once: keep it with `{% set … = load_result(…) %}`"),
        )),
        found => Ok(found.unwrap_or(Value::from(()))),
    }
}
