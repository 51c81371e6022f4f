//! DuckDB, from 1.4.

use super::{Dialect, Strategy, TEMP_SUFFIX};
use crate::names::{Kind, Name};

/// DuckDB.
///
/// `create`, `drop` and `alter` take part in transactions, and so does the temporary catalog. Identifiers keep
/// their letters as written but are compared without regard to case, also in quotes.
#[derive(Debug, Clone, Copy, Default)]
pub struct DuckDb;

impl Dialect for DuckDb {
    fn reads_files(&self) -> bool {
        true
    }

    fn commit_needs_transaction(&self) -> bool {
        false
    }

    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn title(&self) -> String {
        "DuckDB".to_owned()
    }

    fn integer_types(&self) -> &'static [&'static str] {
        &[
            "tinyint",
            "smallint",
            "integer",
            "bigint",
            "hugeint",
            "utinyint",
            "usmallint",
            "uinteger",
            "ubigint",
            "int1",
            "int2",
            "int4",
            "int8",
            "short",
            "int",
            "signed",
            "long",
        ]
    }

    fn float_types(&self) -> &'static [&'static str] {
        &["real", "float", "float4", "float8", "double"]
    }

    fn needs_subquery_alias(&self) -> bool {
        false
    }

    fn same_name(&self, a: &str, b: &str) -> bool {
        a.eq_ignore_ascii_case(b)
    }

    fn supports_transactional_ddl(&self) -> bool {
        true
    }

    fn replaces_tables(&self) -> bool {
        true
    }

    fn constraint_target<'a>(&self, name: &'a str) -> &'a str {
        // A foreign key can't leave its database, so that the database is not to be named.
        let mut dots = name.match_indices('.').map(|(at, _)| at);
        match (dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(_), None) => &name[first + 1..],
            _ => name,
        }
    }

    fn referring_tables(&self, table: &Name) -> Option<String> {
        let is = |column: &str, text: &Option<String>| {
            text.as_ref().map(|text| format!("\n  and lower({column}) = lower({})", self.literal(text)))
        };
        let (database, schema) = (is("database_name", &table.database), is("schema_name", &table.schema));
        Some(format!(
            "select distinct table_name\nfrom duckdb_constraints()\nwhere constraint_type = 'FOREIGN KEY'\n  \
             and lower(referenced_table) = lower({name}) and lower(table_name) <> lower({name}){}{}",
            database.unwrap_or_default(),
            schema.unwrap_or_default(),
            name = self.literal(&table.identifier),
        ))
    }

    fn drop_relation(&self, name: &Name, kind: Kind) -> String {
        let kind = match kind {
            Kind::View | Kind::MaterializedView => Kind::View,
            Kind::Table | Kind::External => Kind::Table,
        };
        format!("drop {} if exists {} cascade", kind.sql(), self.relation(name))
    }

    fn temp_relation(&self, target: &Name) -> Name {
        Name::new("main", target.identifier.clone()).in_database("temp").suffixed(TEMP_SUFFIX)
    }

    fn strategies(&self) -> &'static [Strategy] {
        &[Strategy::Append, Strategy::DeleteInsert, Strategy::Merge]
    }

    fn default_strategy(&self) -> Strategy {
        Strategy::DeleteInsert
    }
}

#[cfg(test)]
#[path = "duckdb_tests.rs"]
mod tests;
