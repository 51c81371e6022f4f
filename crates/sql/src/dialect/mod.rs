//! The statements of each warehouse.
//!
//! A [`Dialect`] writes text and sends nothing. What is common to the engines is written here, once; where they
//! differ a method differs. Nothing outside of this module asks which engine it writes for.

mod bigquery;
mod duckdb;
mod merge;
mod postgres;

pub use bigquery::BigQuery;
pub use duckdb::DuckDb;
pub use merge::{Action, Clause, Matching, Merge};
pub use postgres::Postgres;

use crate::names::{Kind, Name};

/// What a name ends in that holds a result only until it is complete.
pub const TEMP_SUFFIX: &str = "__dbt_tmp";

/// How an incremental model's new rows get into its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// They are added.
    Append,
    /// Rows with the same key are deleted, then they are added.
    DeleteInsert,
    /// One statement updates rows with the same key and adds the others.
    Merge,
}

impl Strategy {
    /// Its name in a model's configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::DeleteInsert => "delete+insert",
            Self::Merge => "merge",
        }
    }
}

/// How a table comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// There must be none of this name.
    New,
    /// As `New`; its rows need not outlive a crash of the engine. Where there is no such thing it is `New`.
    Unlogged,
    /// It takes the place of a table of this name.
    Replace,
    /// It is seen by this connection alone and ends with it. It takes the place of one of this name.
    Temporary,
}

/// What an engine does with a kind of constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// No row can break it.
    Enforced,
    /// It is written down and not enforced.
    NotEnforced,
    /// It can't be written.
    None,
}

/// What tells that two rows are the same. Both forms are SQL as the person wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// One column or expression.
    One(String),
    /// Several columns.
    Many(Vec<String>),
}

impl Key {
    /// The columns, or the one expression.
    pub fn columns(&self) -> &[String] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Many(keys) => keys,
        }
    }
}

/// The query around a data test's own.
#[derive(Debug, Clone, Copy)]
pub struct TestQuery<'a> {
    /// The query that finds failures.
    pub sql: &'a str,
    /// What makes one number of them: `count(*)`.
    pub fail_calc: &'a str,
    /// What follows that number in the test for a warning: `!= 0`.
    pub warn_if: &'a str,
    /// What follows that number in the test for an error: `!= 0`.
    pub error_if: &'a str,
}

/// An index to create.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    /// Its name; it lies in its table's schema.
    pub name: &'a str,
    /// The table.
    pub table: &'a Name,
    /// Columns or expressions, as the person wrote them.
    pub columns: &'a [String],
    /// Whether no two rows may agree in them.
    pub unique: bool,
    /// How it finds rows: `btree`, `gin` …; `None` for the engine's own choice.
    pub method: Option<&'a str>,
}

/// What an index's name ends in: these words, and eight digits that tell its definition.
const INDEX_SUFFIX: &str = "__dbt_index_00000000";

impl Index<'_> {
    /// Eight digits that are others for another definition: FNV-1a of 32 bits.
    fn digits(columns: &[String], unique: bool, method: Option<&str>) -> String {
        let text = format!("{}|{unique}|{}", columns.join("|"), method.unwrap_or_default());
        let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{hash:08x}")
    }
}

/// How a warehouse spells things.
///
/// Queries are placed between parentheses on lines of their own, so that one that ends in a comment is harmless.
pub trait Dialect: Send + Sync {
    /// The engine's name as profiles spell it.
    fn name(&self) -> &'static str;

    /// The engine's name at the start of the names of Python's classes for it.
    fn title(&self) -> String {
        let mut chars = self.name().chars();
        chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    }

    /// Names of its types for whole numbers.
    fn integer_types(&self) -> &'static [&'static str] {
        &[
            "smallint",
            "integer",
            "bigint",
            "smallserial",
            "serial",
            "bigserial",
            "int2",
            "int4",
            "int8",
            "serial2",
            "serial4",
            "serial8",
        ]
    }

    /// Names of its types for floating-point numbers.
    fn float_types(&self) -> &'static [&'static str] {
        &["real", "float4", "float", "double precision", "float8", "double"]
    }

    /// Whether macros may rename relations of this kind.
    fn renames(&self, _kind: Kind) -> bool {
        false
    }

    /// Whether macros may replace relations of this kind in one statement.
    fn replaces(&self, _kind: Kind) -> bool {
        false
    }

    /// How many bytes a name has at most, if there is a limit that names are cut at.
    fn longest_name(&self) -> Option<usize> {
        None
    }

    /// Whether a subquery in `from` must have a name.
    fn needs_subquery_alias(&self) -> bool {
        true
    }

    /// An identifier in quotes.
    fn quote(&self, identifier: &str) -> String {
        format!("\"{}\"", identifier.replace('"', "\"\""))
    }

    /// A text in quotes.
    fn literal(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// A relation's name: the parts that are set, quoted.
    fn relation(&self, name: &Name) -> String {
        name.parts().map(|part| self.quote(part)).collect::<Vec<_>>().join(".")
    }

    /// Identifiers in quotes, separated by commas.
    fn list(&self, identifiers: &[String]) -> String {
        identifiers.iter().map(|one| self.quote(one)).collect::<Vec<_>>().join(", ")
    }

    /// Whether two quoted identifiers name the same column.
    fn same_name(&self, a: &str, b: &str) -> bool;

    /// Whether two names are of the same type, as far as a table's columns go.
    fn same_type(&self, a: &str, b: &str) -> bool {
        a.eq_ignore_ascii_case(b)
    }

    /// Whether a query's column may be of the first type where a contract says the second.
    fn same_in_contract(&self, found: &str, declared: &str) -> bool {
        found == declared
    }

    /// This engine's type for one that is named as everywhere: `string`, `integer`, `float` …
    fn translate_type(&self, label: &str) -> String {
        let known = if label.eq_ignore_ascii_case("string") { "TEXT" } else { label };
        known.to_owned()
    }

    /// A decimal type; with its precision and scale where the engine takes them.
    fn numeric_type(&self, name: &str, size: Option<(&str, &str)>) -> String {
        size.map_or_else(|| name.to_owned(), |(precision, scale)| format!("{name}({precision},{scale})"))
    }

    /// What stands for a value in a statement that is sent with its values apart from it.
    fn placeholder(&self) -> &'static str {
        "?"
    }

    /// A type for text; `size` where the catalog tells how long it may be.
    fn text_type(&self, _name: &str, size: Option<i64>) -> String {
        format!("character varying({})", size.unwrap_or(256))
    }

    /// What opens a transaction; `None` where there are none.
    fn begin(&self) -> Option<&'static str> {
        Some("begin")
    }

    /// What ends a transaction and keeps its effects.
    fn commit(&self) -> Option<&'static str> {
        Some("commit")
    }

    /// Whether `adapter.commit()` without an open transaction is a mistake, rather than nothing.
    fn commit_needs_transaction(&self) -> bool {
        true
    }

    /// What ends a transaction and undoes it.
    fn rollback(&self) -> Option<&'static str> {
        Some("rollback")
    }

    /// Whether a transaction that is rolled back also undoes `create`, `drop` and `alter`.
    fn supports_transactional_ddl(&self) -> bool;

    /// Whether a table can be created in the place of another ([`Create::Replace`]).
    fn replaces_tables(&self) -> bool;

    /// Whether there are tables that only one connection sees ([`Create::Temporary`]).
    fn supports_temp_tables(&self) -> bool {
        true
    }

    /// Creates a schema unless it is there.
    fn create_schema(&self, database: Option<&str>, schema: &str) -> String {
        format!("create schema if not exists {}", self.schema(database, schema))
    }

    /// Drops a schema, if it is there, with all that is in it.
    fn drop_schema(&self, database: Option<&str>, schema: &str) -> String {
        format!("drop schema if exists {} cascade", self.schema(database, schema))
    }

    /// A schema's name, quoted.
    fn schema(&self, database: Option<&str>, schema: &str) -> String {
        database.into_iter().chain([schema]).map(|part| self.quote(part)).collect::<Vec<_>>().join(".")
    }

    /// Creates a table of a query's rows.
    fn create_table_as(&self, table: &Name, query: &str, create: Create) -> String {
        let head = match create {
            Create::New | Create::Unlogged => "create table",
            Create::Replace => "create or replace table",
            Create::Temporary => "create or replace temporary table",
        };
        format!("{head} {} as (\n{query}\n)", self.relation(table))
    }

    /// Creates a table without rows of columns and constraints that are written already.
    fn create_table(&self, table: &Name, parts: &[String], create: Create) -> String {
        let head = if create == Create::Unlogged { "create unlogged table" } else { "create table" };
        format!("{head} {} (\n  {}\n)", self.relation(table), parts.join(",\n  "))
    }

    /// Whether there are views that hold their rows until they are refreshed.
    fn has_materialized_views(&self) -> bool {
        false
    }

    /// Creates a view that holds its rows.
    fn create_materialized_view_as(&self, view: &Name, query: &str) -> String {
        format!("create materialized view {} as (\n{query}\n)", self.relation(view))
    }

    /// Reads the rows of such a view anew.
    fn refresh(&self, view: &Name) -> String {
        format!("refresh materialized view {}", self.relation(view))
    }

    /// A query for the names of the indexes that [`Dialect::create_index`] made for a relation; `None` where there are
    /// none.
    fn indexes(&self, _relation: &Name) -> Option<String> {
        None
    }

    /// What the engine does with constraints of a kind: `check`, `not_null`, `unique`, `primary_key`, `foreign_key`.
    fn constraint_support(&self, _kind: &str) -> Support {
        Support::Enforced
    }

    /// The relation that a foreign key points to, where it is written as a whole name.
    fn constraint_target<'a>(&self, name: &'a str) -> &'a str {
        name
    }

    /// A query for the names of the tables of its schema that have foreign keys to a table; `None` where such tables
    /// don't stand in the way of replacing it.
    fn referring_tables(&self, _table: &Name) -> Option<String> {
        None
    }

    /// Queries for what hangs on a relation, so that it can't be dropped by itself: a quick one that has a row if
    /// anything may, and one that tells what each is called, the statement that drops it and the statements that make
    /// it anew, in the order of dropping. `None`: nothing ever does.
    fn dependants(&self, _relation: &Name) -> Option<(String, String)> {
        None
    }

    /// Queries for the right to build a relation until the end of the transaction: one that has a row if it was given
    /// at once, and one that waits for it. `None`: no two builds of one relation can meet.
    fn lock(&self, _relation: &Name) -> Option<(String, String)> {
        None
    }

    /// A name beside another, in the same schema.
    fn suffixed(&self, name: &Name, suffix: &str) -> Name {
        name.suffixed(suffix)
    }

    /// A query for who holds which rights to a relation besides its owner; `None` where there are no rights.
    fn rights(&self, _relation: &Name) -> Option<String> {
        None
    }

    /// Gives a right to somebody.
    fn grant(&self, right: &str, relation: &Name, grantee: &str) -> String {
        format!("grant {right} on {} to {}", self.relation(relation), grantee)
    }

    /// Takes a right from somebody.
    fn revoke(&self, right: &str, relation: &Name, grantee: &str) -> String {
        format!("revoke {right} on {} from {}", self.relation(relation), grantee)
    }

    /// Says what a relation is.
    fn comment_on_relation(&self, relation: &Name, kind: Kind, text: &str) -> String {
        format!("comment on {} {} is {}", kind.sql(), self.relation(relation), self.literal(text))
    }

    /// Says what a column is; its name is written as SQL has it.
    fn comment_on_column(&self, relation: &Name, column: &str, text: &str) -> String {
        format!("comment on column {}.{column} is {}", self.relation(relation), self.literal(text))
    }

    /// Creates a view, in the place of one of its name.
    fn create_view_as(&self, view: &Name, query: &str) -> String {
        format!("create or replace view {} as (\n{query}\n)", self.relation(view))
    }

    /// Drops a relation, if it is there.
    fn drop_relation(&self, name: &Name, kind: Kind) -> String {
        format!("drop {} if exists {}", kind.sql(), self.relation(name))
    }

    /// Renames a relation within its schema.
    fn rename(&self, from: &Name, kind: Kind, to: &str) -> String {
        format!("alter {} {} rename to {}", kind.sql(), self.relation(from), self.quote(to))
    }

    /// The table that holds an incremental model's new rows while they are merged.
    fn temp_relation(&self, target: &Name) -> Name;

    /// Removes all rows of a table.
    fn truncate(&self, table: &Name) -> String {
        format!("truncate table {}", self.relation(table))
    }

    /// The name of an index of a table: the same one as long as its definition is.
    fn index_name(&self, table: &Name, columns: &[String], unique: bool, method: Option<&str>) -> String {
        let name = self.suffixed(table, INDEX_SUFFIX).identifier;
        let digits = Index::digits(columns, unique, method);
        format!("{}{digits}", &name[..name.len() - digits.len()])
    }

    /// Creates an index; `None` where there are none.
    fn create_index(&self, index: Index<'_>) -> Option<String> {
        let unique = if index.unique { "unique " } else { "" };
        let (name, table) = (self.quote(index.name), self.relation(index.table));
        Some(format!("create {unique}index {name} on {table} ({})", index.columns.join(", ")))
    }

    /// Adds a column to a table.
    fn add_column(&self, table: &Name, column: &str, data_type: &str) -> String {
        format!("alter table {} add column {} {data_type}", self.relation(table), self.quote(column))
    }

    /// Drops a column of a table.
    fn drop_column(&self, table: &Name, column: &str) -> String {
        format!("alter table {} drop column {}", self.relation(table), self.quote(column))
    }

    /// Gives a column of a table another type.
    fn alter_column_type(&self, table: &Name, column: &str, data_type: &str) -> String {
        format!("alter table {} alter column {} set data type {data_type}", self.relation(table), self.quote(column))
    }

    /// The type that a table's column gets so that the texts of a query's fit into it; nothing where they do, and where
    /// types of text have no limit.
    fn widened(&self, _table: &str, _query: &str) -> Option<String> {
        None
    }

    /// Whether the rows of a batch are merged by their key, where there is one, rather than put in the place of the batch.
    fn merges_batches(&self) -> bool {
        false
    }

    /// Whether files and functions may stand where a table is read.
    fn reads_files(&self) -> bool {
        false
    }

    /// Whether a text may be too long for its column.
    fn limits_texts(&self) -> bool {
        false
    }

    /// Adds a relation's rows to a table; columns are matched by name.
    fn insert_select(&self, target: &Name, source: &Name, columns: &[String]) -> String {
        let (target, source, columns) = (self.relation(target), self.relation(source), self.list(columns));
        format!("insert into {target} ({columns})\nselect {columns}\nfrom {source}")
    }

    /// Deletes the rows of a table for which a condition holds.
    fn delete_where(&self, target: &Name, condition: &str) -> String {
        format!("delete from {}\nwhere {condition}", self.relation(target))
    }

    /// Deletes the rows of `target` whose key is in `source` and for which all predicates hold.
    fn delete_matching(&self, target: &Name, source: &Name, key: &Key, predicates: &[String]) -> String {
        let (target, source) = (self.relation(target), self.relation(source));
        let further: String = predicates.iter().map(|predicate| format!("\n  and ({predicate})")).collect();
        match key {
            Key::One(key) => {
                format!("delete from {target}\nwhere ({key}) in (\n  select ({key})\n  from {source}\n){further}")
            }
            Key::Many(keys) => {
                let same = |key: &String| format!("DBT_INCREMENTAL_SOURCE.{key} = DBT_INCREMENTAL_TARGET.{key}");
                let same = keys.iter().map(same).collect::<Vec<_>>().join("\n  and ");
                format!(
                    "delete from {target} as DBT_INCREMENTAL_TARGET\nusing {source} as DBT_INCREMENTAL_SOURCE\n\
                     where {same}{further}"
                )
            }
        }
    }

    /// Merges a relation's rows into a table.
    fn merge(&self, merge: &Merge<'_>) -> String {
        merge::write(self, merge)
    }

    /// The strategies that incremental models may choose.
    fn strategies(&self) -> &'static [Strategy];

    /// The strategy of incremental models that choose none.
    fn default_strategy(&self) -> Strategy;

    /// At most `count` rows of a query.
    fn limit(&self, query: &str, count: u64) -> String {
        format!("{query}\nlimit {count}")
    }

    /// One row that says how many failures a data test found, and whether that is worth a warning or an error.
    fn test_query(&self, test: TestQuery<'_>) -> String {
        let TestQuery { sql, fail_calc, warn_if, error_if } = test;
        format!(
            "select\n  {fail_calc} as failures,\n  {fail_calc} {warn_if} as should_warn,\n  \
             {fail_calc} {error_if} as should_error\nfrom (\n{sql}\n) dbt_internal_test"
        )
    }
}
