//! BigQuery: how it writes names and types.

use super::{Dialect, Strategy, Support, TEMP_SUFFIX};
use crate::names::{Kind, Name};

/// BigQuery.
///
/// Databases are projects and schemas are datasets. There are no transactions around `create` and `drop`, and no
/// temporary tables that outlive a statement.
#[derive(Debug, Clone, Copy, Default)]
pub struct BigQuery;

impl Dialect for BigQuery {
    fn constraint_support(&self, kind: &str) -> Support {
        match kind {
            "not_null" => Support::Enforced,
            "primary_key" | "foreign_key" => Support::NotEnforced,
            _ => Support::None,
        }
    }

    fn name(&self) -> &'static str {
        "bigquery"
    }

    fn quote(&self, identifier: &str) -> String {
        format!("`{}`", identifier.replace('`', "\\`"))
    }

    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
    }

    fn same_name(&self, a: &str, b: &str) -> bool {
        a.eq_ignore_ascii_case(b)
    }

    fn translate_type(&self, label: &str) -> String {
        let known = match label.to_ascii_uppercase().as_str() {
            "TEXT" => "STRING",
            "FLOAT" => "FLOAT64",
            "INTEGER" => "INT64",
            _ => label,
        };
        known.to_owned()
    }

    fn numeric_type(&self, name: &str, _: Option<(&str, &str)>) -> String {
        name.to_owned()
    }

    fn begin(&self) -> Option<&'static str> {
        None
    }

    fn commit(&self) -> Option<&'static str> {
        None
    }

    fn rollback(&self) -> Option<&'static str> {
        None
    }

    fn supports_transactional_ddl(&self) -> bool {
        false
    }

    fn renames(&self, kind: Kind) -> bool {
        kind == Kind::Table
    }

    fn replaces(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Table | Kind::View)
    }

    fn replaces_tables(&self) -> bool {
        true
    }

    fn supports_temp_tables(&self) -> bool {
        false
    }

    fn temp_relation(&self, target: &Name) -> Name {
        target.suffixed(TEMP_SUFFIX)
    }

    fn strategies(&self) -> &'static [Strategy] {
        &[Strategy::Merge]
    }

    fn default_strategy(&self) -> Strategy {
        Strategy::Merge
    }
}
