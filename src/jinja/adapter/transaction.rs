//! The transaction of a materialization or an operation: `adapter.commit()` closes it, statements open it.

use minijinja::{Error, Value};

use super::ask::with;
use crate::diagnostic::Diagnostic;
use crate::jinja::error::problem;
use crate::jinja::scope::Scope;

/// Opens the transaction of a materialization or an operation, unless it is open.
pub(super) fn begin(scope: &Scope) -> Result<(), Error> {
    match &scope.transaction {
        Some(transaction) if !transaction.is_open() => {
            turn(scope, scope.shared.dialect.begin())?;
            transaction.set_open(true);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// `adapter.commit()`.
pub(super) fn commit(scope: &Scope) -> Result<Value, Error> {
    match &scope.transaction {
        Some(transaction) if transaction.is_open() => {
            turn(scope, scope.shared.dialect.commit())?;
            transaction.set_open(false);
            Ok(Value::from(""))
        }
        Some(_) if scope.shared.dialect.commit_needs_transaction() => Err(problem(
            Diagnostic::error("no-transaction", "there is no transaction to commit")
                .hint("`{% call statement('main') %}` opens one; what runs outside of one takes effect at once"),
        )),
        _ => Ok(Value::from("")),
    }
}

fn turn(scope: &Scope, sql: Option<&str>) -> Result<(), Error> {
    let Some(sql) = sql else { return Ok(()) };
    scope.said().statements.push(sql.to_owned());
    with(scope, |c| c.execute(sql), Some(sql)).map(drop)
}
