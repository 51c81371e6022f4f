//! The indexes of tables and materialized views: `indexes`.

use karat_adapters::{Cell, Table};
use karat_sql::dialect::{Dialect, Index};
use karat_sql::names::Name;

use super::settings::IndexSetting;
use crate::diagnostic::Diagnostic;

/// Makes the indexes of a relation those that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncIndexes {
    pub(super) relation: Name,
    pub(super) wanted: Vec<IndexSetting>,
    /// What to do where they are others.
    pub(super) on_change: OnChange,
    pub(super) node: String,
}

/// `on_configuration_change`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnChange {
    /// Make them those that are asked for.
    Apply,
    /// Leave them, with a warning.
    Continue,
    /// Fail.
    Fail,
}

impl SyncIndexes {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        format!("-- make the indexes of {} those of its settings", dialect.relation(&self.relation))
    }

    /// The error for indexes that are others, where that is not to be.
    pub(super) fn refused(&self) -> Diagnostic {
        Diagnostic::error(
            "configuration-changed",
            format!("the indexes of {} are not those of its settings", self.node),
        )
        .hint("run it with --full-refresh, or set `on_configuration_change: apply`")
    }

    /// The statements that lead from the indexes there are (the answer to [`Dialect::indexes`]) to those wanted.
    pub(super) fn statements(&self, dialect: &dyn Dialect, there: &Table) -> Vec<String> {
        let there: Vec<&str> = there.rows.iter().filter_map(|row| row.first().and_then(Cell::as_str)).collect();
        let names: Vec<String> = self.wanted.iter().map(|index| name(&self.relation, index, dialect)).collect();
        let schema = &self.relation;
        let gone = there.iter().filter(|known| !names.iter().any(|name| name == *known));
        let gone = gone.map(|name| {
            let name = Name { identifier: (*name).to_owned(), ..schema.clone() };
            format!("drop index {}", dialect.relation(&name))
        });
        let new: Vec<IndexSetting> = self
            .wanted
            .iter()
            .zip(&names)
            .filter(|(_, name)| !there.contains(&name.as_str()))
            .map(|(index, _)| index.clone())
            .collect();
        gone.chain(create(&self.relation, &new, dialect)).collect()
    }
}

/// The statements that make indexes.
pub(super) fn create(table: &Name, indexes: &[IndexSetting], dialect: &dyn Dialect) -> Vec<String> {
    let create = |index: &IndexSetting| {
        let (name, method) = (name(table, index, dialect), index.method.as_deref());
        dialect.create_index(Index { name: &name, table, columns: &index.columns, unique: index.unique, method })
    };
    indexes.iter().filter_map(create).collect()
}

fn name(table: &Name, index: &IndexSetting, dialect: &dyn Dialect) -> String {
    dialect.index_name(table, &index.columns, index.unique, index.method.as_deref())
}
