//! Postgres: how it writes names and types.

use super::{Create, Dialect, INDEX_SUFFIX, Index, Strategy, TEMP_SUFFIX};
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

    fn same_in_contract(&self, found: &str, declared: &str) -> bool {
        family(found) == family(declared)
    }

    fn merges_batches(&self) -> bool {
        true
    }

    fn limits_texts(&self) -> bool {
        true
    }

    fn widened(&self, table: &str, query: &str) -> Option<String> {
        let (table, query) = (limit(table)?, limit(query)?);
        let fits = table.is_none_or(|most| query.is_some_and(|longest| longest <= most));
        let wanted = || query.map_or_else(|| "text".to_owned(), |longest| format!("character varying({longest})"));
        (!fits).then(wanted)
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

    fn create_table_as(&self, table: &Name, query: &str, create: Create) -> String {
        let head = match create {
            Create::New | Create::Replace => "create table",
            Create::Unlogged => "create unlogged table",
            Create::Temporary => "create temporary table",
        };
        format!("{head} {} as (\n{query}\n)", self.relation(table))
    }

    fn has_materialized_views(&self) -> bool {
        true
    }

    /// An index keeps its name as long as it is the same, so that one that is there is left alone.
    fn create_index(&self, index: Index<'_>) -> Option<String> {
        let unique = if index.unique { "unique " } else { "" };
        let method = index.method.map(|method| format!(" using {method}")).unwrap_or_default();
        let (name, table) = (self.quote(index.name), self.relation(index.table));
        let columns = index.columns.join(", ");
        Some(format!("create {unique}index if not exists {name} on {table}{method} ({columns})"))
    }

    fn indexes(&self, relation: &Name) -> Option<String> {
        let own = self.suffixed(relation, INDEX_SUFFIX);
        let schema = relation.schema.as_deref().unwrap_or_default();
        Some(format!(
            "select indexname::text from pg_catalog.pg_indexes \
             where schemaname = {} and tablename = {} and starts_with(indexname::text, {})",
            self.literal(schema),
            self.literal(&relation.identifier),
            self.literal(own.identifier.trim_end_matches('0')),
        ))
    }

    fn rights(&self, relation: &Name) -> Option<String> {
        Some(format!(
            "select grantee::text, lower(privilege_type::text) from information_schema.role_table_grants \
             where grantor = current_role and grantee <> current_role and table_schema = {} and table_name = {}",
            self.literal(relation.schema.as_deref().unwrap_or_default()),
            self.literal(&relation.identifier),
        ))
    }

    fn drop_relation(&self, name: &Name, kind: Kind) -> String {
        let what = if kind == Kind::External { "foreign table" } else { kind.sql() };
        format!("drop {what} if exists {}", self.relation(name))
    }

    fn dependants(&self, relation: &Name) -> Option<(String, String)> {
        let name: Vec<String> = [relation.schema.as_deref(), Some(&relation.identifier)]
            .into_iter()
            .flatten()
            .map(|part| self.quote(part))
            .collect();
        let about = |sql: &str| sql.replace("{relation}", &self.literal(&name.join(".")));
        Some((about(include_str!("hangs.sql")), about(include_str!("dependants.sql"))))
    }

    fn lock(&self, relation: &Name) -> Option<(String, String)> {
        let name = format!("karat:{}.{}", relation.schema.as_deref().unwrap_or_default(), relation.identifier);
        let key = format!("hashtextextended({}, 0)", self.literal(&name));
        Some((format!("select where pg_try_advisory_xact_lock({key})"), format!("select pg_advisory_xact_lock({key})")))
    }

    /// Names are cut where they are too long; what is appended has to remain.
    fn suffixed(&self, name: &Name, suffix: &str) -> Name {
        const LONGEST: usize = 63;
        let mut end = LONGEST.saturating_sub(suffix.len()).min(name.identifier.len());
        while !name.identifier.is_char_boundary(end) {
            end -= 1;
        }
        Name { identifier: format!("{}{suffix}", &name.identifier[..end]), ..name.clone() }
    }

    fn temp_relation(&self, target: &Name) -> Name {
        Name { database: None, schema: None, ..self.suffixed(target, TEMP_SUFFIX) }
    }

    fn strategies(&self) -> &'static [Strategy] {
        &[Strategy::Append, Strategy::DeleteInsert, Strategy::Merge]
    }

    fn default_strategy(&self) -> Strategy {
        Strategy::DeleteInsert
    }
}

/// What contracts tell apart: neither sizes nor the types of text, of short integers, of floats and of times of day.
fn family(data_type: &str) -> String {
    let (start, rest) = data_type.split_once('(').unwrap_or((data_type, ""));
    let rest = rest.split_once(')').map_or("", |(_, rest)| rest);
    let name = format!("{}{rest}", start.trim_end());
    let (one, many) = name.strip_suffix("[]").map_or((name.as_str(), ""), |one| (one, "[]"));
    let one = match one {
        "smallint" => "integer",
        "real" => "double precision",
        "name" | "\"char\"" | "character" | "bpchar" | "character varying" => "text",
        "time with time zone" => "time without time zone",
        other => other,
    };
    format!("{one}{many}")
}

/// How long a text of this type may be, as far as that is limited; nothing for what is no text.
fn limit(data_type: &str) -> Option<Option<u32>> {
    let (name, rest) = data_type.split_once('(').unwrap_or((data_type, ""));
    match name.trim() {
        "text" | "character varying" | "varchar" | "character" | "bpchar" => {
            Some(rest.strip_suffix(')').and_then(|n| n.trim().parse().ok()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_tell_kinds_of_types_apart() {
        let pairs = [
            ("character varying(3)", "text"),
            ("numeric(10,2)", "numeric"),
            ("timestamp(3) without time zone", "timestamp without time zone"),
            ("character varying(3)[]", "text[]"),
        ];
        for (a, b) in pairs {
            assert!(Postgres.same_in_contract(a, b), "{a} {b}");
        }
        for (a, b) in
            [("bigint", "integer"), ("text", "text[]"), ("timestamp with time zone", "timestamp without time zone")]
        {
            assert!(!Postgres.same_in_contract(a, b), "{a} {b}");
        }
    }

    #[test]
    fn columns_of_text_grow_and_never_shrink() {
        let widened = |table, query| Postgres.widened(table, query);
        assert_eq!(widened("character varying(3)", "character varying(8)").as_deref(), Some("character varying(8)"));
        assert_eq!(widened("character(3)", "text").as_deref(), Some("text"));
        for (table, query) in [
            ("character varying(8)", "character varying(3)"),
            ("text", "character varying(8)"),
            ("text", "text"),
            ("integer", "text"),
            ("character varying(3)", "integer"),
        ] {
            assert_eq!(widened(table, query), None, "{table} {query}");
        }
    }
}
