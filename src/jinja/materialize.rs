//! Runs a macro that materializes a node, and reads what it returned.

use std::collections::HashMap;
use std::sync::Arc;

use karat_adapters::{AdapterError, Table};
use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::jinja::adapter::response::recorded;
use crate::jinja::agate::Agate;
use crate::jinja::macros::MacroInfo;
use crate::jinja::relation::Relation;
use crate::jinja::report::diagnose;
use crate::jinja::scope::Scope;
use crate::jinja::transaction::Transaction;
use crate::node::Node;

/// What a materialization did.
pub struct Materialized {
    /// The relations that it says it made.
    pub relations: Vec<Arc<Relation>>,
    /// What its main statement did, if it sent one.
    pub main: Option<Main>,
}

/// What the main statement of a materialization did.
pub struct Main {
    /// The engine's word for it.
    pub message: String,
    /// The rows that it wrote, where the engine counts them.
    pub rows_affected: Option<u64>,
    /// What the engine said, for artifacts.
    pub response: Map<String, Json>,
    /// The rows that it read.
    pub table: Option<Table>,
}

/// How a materialization ended.
pub struct Ended {
    /// Every statement that it sent.
    pub sent: Vec<String>,
    /// Whether it left a transaction open.
    pub left_open: bool,
    /// What it did, or why it stopped.
    pub result: Result<Materialized, Stopped>,
}

/// Why a materialization stopped.
pub enum Stopped {
    /// The engine rejected a statement.
    Rejected(AdapterError, String),
    /// Something else.
    Problem(Box<Diagnostic>),
}

/// Calls the macro with the node's SQL.
pub fn run(mut scope: Scope, info: &MacroInfo, sql: &str) -> Ended {
    let transaction = Arc::new(Transaction::default());
    scope.transaction = Some(transaction.clone());
    scope.extra.extend(names(sql));
    let scope = Arc::new(scope);
    let macros = &scope.shared.macros;
    let returned = macros.engine().call_macro(&info.unique_id, Value::from_dyn_object(scope.clone()), &[], &[]);
    let sent = std::mem::take(&mut scope.said().statements);
    let node = scope.owner.node();
    let result = match (returned, node) {
        (Ok(returned), Some(node)) => finish(node, info, &returned, &scope).map_err(|d| Stopped::Problem(Box::new(d))),
        (Ok(_), None) => Ok(Materialized { relations: Vec::new(), main: None }),
        (Err(error), node) => Err(match transaction.failure() {
            Some((engine, sql)) => Stopped::Rejected(engine, sql),
            None => Stopped::Problem(Box::new(diagnose(&error, node.and_then(|n| n.span), macros))),
        }),
    };
    Ended { sent, left_open: transaction.is_open(), result }
}

/// What a materialization sees besides what every template sees.
fn names(sql: &str) -> HashMap<String, Value> {
    HashMap::from([("sql".to_owned(), Value::from(sql)), ("compiled_code".to_owned(), Value::from(sql))])
}

/// Reads what a materialization returned and what its main statement did.
fn finish(node: &Node, info: &MacroInfo, returned: &Value, scope: &Scope) -> Result<Materialized, Diagnostic> {
    let relations = relations(node, info, returned)?;
    Ok(Materialized { relations, main: scope.said().results.get("main").map(main) })
}

/// The error for a materialization that sent no main statement.
pub fn without_main(node: &Node, info: &MacroInfo) -> Diagnostic {
    let message = format!("{}: its materialization `{}` has no main statement", node.label(), node.materialized());
    Diagnostic::error("bad-materialization", message)
        .at(info.span, "")
        .hint("one statement is to be called `main`: `{% call statement('main') %} … {% endcall %}`")
}

fn main(result: &Value) -> Main {
    let field = |value: &Value, key: &str| value.get_attr(key).ok().filter(|v| !v.is_undefined() && !v.is_none());
    let response = field(result, "response").unwrap_or_default();
    Main {
        message: field(&response, "_message").map_or_else(|| karat_jinja::py_str(&response), |m| m.to_string()),
        rows_affected: field(&response, "rows_affected").and_then(|v| u64::try_from(v).ok()),
        response: recorded(&response),
        table: field(result, "table").and_then(|t| t.downcast_object::<Agate>()).map(|agate| agate.cells()),
    }
}

/// The relations of `return({'relations': […]})`.
fn relations(node: &Node, info: &MacroInfo, returned: &Value) -> Result<Vec<Arc<Relation>>, Diagnostic> {
    let wrong = |what: String| {
        let message = format!("{}: its materialization `{}` {what}", node.label(), node.materialized());
        Diagnostic::error("bad-materialization", message)
            .at(info.span, "")
            .hint("end it with `{{ return({'relations': [target_relation]}) }}`")
    };
    if returned.as_str().is_some() {
        return Err(wrong("does not return its relations".to_owned()));
    }
    let list = match returned.get_attr("relations") {
        Ok(list) if !list.is_undefined() => list,
        _ => return Err(wrong(format!("returns {}, which has no `relations`", karat_jinja::py_repr(returned)))),
    };
    let items = list.try_iter().ok().filter(|_| list.as_str().is_none());
    let Some(items) = items else {
        return Err(wrong(format!("returns relations that are no list: {}", karat_jinja::py_repr(&list))));
    };
    let relation = |item: Value| {
        Relation::from_value(&item)
            .ok_or_else(|| wrong(format!("returns {}, which is no relation", karat_jinja::py_repr(&item))))
    };
    items.map(relation).collect()
}
