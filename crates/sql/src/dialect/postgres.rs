//! Postgres: how it writes names and types.

use super::{Dialect, Strategy, TEMP_SUFFIX};
use crate::names::{Kind, Name};

/// Postgres.
///
/// `create`, `drop` and `alter` take part in transactions. Temporary tables have no schema of the project's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn same_name(&self, a: &str, b: &str) -> bool {
        a == b
    }

    fn placeholder(&self) -> &'static str {
        "%s"
    }

    fn text_type(&self, name: &str, size: Option<i64>) -> String {
        match size {
            None if name.eq_ignore_ascii_case("text") || name.eq_ignore_ascii_case("character varying") => {
                name.to_owned()
            }
            _ => format!("character varying({})", size.unwrap_or(256)),
        }
    }

    fn supports_transactional_ddl(&self) -> bool {
        true
    }

    fn renames(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Table | Kind::View)
    }

    fn replaces(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Table | Kind::View)
    }

    fn longest_name(&self) -> Option<usize> {
        Some(63)
    }

    fn replaces_tables(&self) -> bool {
        false
    }

    /// A schema is always one of the connection's database.
    fn schema(&self, _database: Option<&str>, schema: &str) -> String {
        self.quote(schema)
    }

    fn drop_relation(&self, name: &Name, kind: Kind) -> String {
        format!("drop {} if exists {} cascade", kind.sql(), self.relation(name))
    }

    fn temp_relation(&self, target: &Name) -> Name {
        Name { database: None, schema: None, identifier: format!("{}{TEMP_SUFFIX}", target.identifier) }
    }

    fn strategies(&self) -> &'static [Strategy] {
        &[Strategy::Append, Strategy::DeleteInsert, Strategy::Merge]
    }

    fn default_strategy(&self) -> Strategy {
        Strategy::DeleteInsert
    }
}
