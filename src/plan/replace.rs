//! Putting a relation in the place of another one on which others hang.
//!
//! What hangs on the old one (views, functions, foreign keys) stays: where the columns allow it the old relation is kept
//! and filled anew; otherwise what hangs on it is dropped and made anew, all in the transaction of the plan.

use karat_adapters::{Cell, Column, Table};
use karat_sql::dialect::Dialect;
use karat_sql::names::{Kind, Name};

/// Puts a relation in the place of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Replace {
    pub(super) target: Name,
    /// What is there under that name.
    pub(super) old: Kind,
    pub(super) with: With,
}

/// What comes to its place.
#[derive(Debug, Clone, PartialEq)]
pub enum With {
    /// A complete table, which goes away.
    Table {
        /// Where it is.
        staged: Name,
    },
    /// A table that is made in its place, and filled.
    Statements {
        /// The statement that makes it.
        create: String,
        /// The statement that fills it.
        insert: String,
    },
    /// A view.
    View {
        /// Its query.
        query: String,
        /// The statement that makes it.
        create: String,
    },
}

/// What hangs on a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependant {
    /// What people call it: `view gold.orders`.
    pub(super) what: String,
    pub(super) drop: String,
    pub(super) make: String,
}

impl Replace {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        let target = dialect.relation(&self.target);
        match &self.with {
            With::Table { staged } => {
                format!("-- put {} in the place of {target}; what hangs on that stays", dialect.relation(staged))
            }
            With::Statements { create, insert } => {
                format!("-- replace {target}; what hangs on it stays\n{create};\n{insert}")
            }
            With::View { create, .. } => format!("-- replace {target}; what hangs on it stays\n{create}"),
        }
    }

    /// Whether the old relation can be kept. A table is filled anew, so its columns may be in any order; a view's may
    /// only become more.
    pub(super) fn keeps(&self, old: &[Column], new: &[Column]) -> bool {
        match (&self.with, self.old) {
            (With::Table { .. }, Kind::Table) => {
                old.len() == new.len() && new.iter().all(|column| old.contains(column))
            }
            (With::View { .. }, Kind::View) => old.len() <= new.len() && old.iter().zip(new).all(|(a, b)| a == b),
            _ => false,
        }
    }
}

/// Reads the answer to [`Dialect::dependants`].
pub(super) fn dependants(table: &Table) -> Vec<Dependant> {
    let text = |cell: &Cell| cell.as_str().map(str::to_owned);
    let read = |row: &Vec<Cell>| match row.as_slice() {
        [what, drop, make] => Some(Dependant { what: text(what)?, drop: text(drop)?, make: text(make)? }),
        _ => None,
    };
    table.rows.iter().filter_map(read).collect()
}
