//! A table's columns follow its query's.

use karat_adapters::Column;
use karat_sql::dialect::Dialect;
use karat_sql::names::Name;

use super::OnSchemaChange;
use crate::diagnostic::Diagnostic;

/// Makes the columns of `target` those of `source`, as far as `on_schema_change` allows.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncColumns {
    pub(super) node: String,
    pub(super) source: Name,
    pub(super) target: Name,
    pub(super) on_change: OnSchemaChange,
}

/// Makes columns of text of `target` as long as those of `source`.
#[derive(Debug, Clone, PartialEq)]
pub struct WidenColumns {
    pub(super) source: Name,
    pub(super) target: Name,
}

impl WidenColumns {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        let (target, source) = (dialect.relation(&self.target), dialect.relation(&self.source));
        format!("-- make room in {target} for the texts of {source}")
    }

    /// The columns of the table that have to grow, with the types that they get.
    pub fn changes(dialect: &dyn Dialect, source: &[Column], target: &[Column]) -> Vec<Column> {
        let wider = |column: &Column| {
            let wanted = source.iter().find(|other| dialect.same_name(&other.name, &column.name))?;
            let data_type = dialect.widened(&column.data_type, &wanted.data_type)?;
            Some(Column { data_type, ..column.clone() })
        };
        target.iter().filter_map(wider).collect()
    }
}

/// How a query's columns differ from its table's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Columns that the table lacks.
    pub new: Vec<Column>,
    /// Columns that the query lacks.
    pub gone: Vec<Column>,
    /// Columns of another type: the query's name and type.
    pub retyped: Vec<Column>,
}

impl Changes {
    /// Compares a query's columns with its table's. Their order does not matter.
    pub fn between(source: &[Column], target: &[Column], dialect: &dyn Dialect) -> Self {
        let find = |columns: &[Column], name: &str| {
            columns.iter().find(|column| dialect.same_name(&column.name, name)).map(|column| column.data_type.clone())
        };
        let retyped = |column: &&Column| {
            find(target, &column.name).is_some_and(|known| !dialect.same_type(&known, &column.data_type))
        };
        Self {
            new: source.iter().filter(|column| find(target, &column.name).is_none()).cloned().collect(),
            gone: target.iter().filter(|column| find(source, &column.name).is_none()).cloned().collect(),
            retyped: source.iter().filter(retyped).cloned().collect(),
        }
    }

    /// The statements that add and drop columns of a table.
    pub(super) fn statements(&self, dialect: &dyn Dialect, table: &Name) -> Vec<String> {
        let add = |column: &Column| dialect.add_column(table, &column.name, &column.data_type);
        let drop = |column: &Column| dialect.drop_column(table, &column.name);
        self.new.iter().map(add).chain(self.gone.iter().map(drop)).collect()
    }

    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.retyped.is_empty()
    }
}

impl SyncColumns {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        let (target, source) = (dialect.relation(&self.target), dialect.relation(&self.source));
        format!("-- {}: compare the columns of {target} with those of {source}", self.on_change.as_str())
    }

    /// What has to change, once the columns of both relations are known.
    pub(super) fn changes(
        &self,
        dialect: &dyn Dialect,
        source: &[Column],
        target: &[Column],
    ) -> Result<Changes, Diagnostic> {
        let changes = Changes::between(source, target, dialect);
        match self.on_change {
            OnSchemaChange::Fail if !changes.is_empty() => Err(self.failure(&changes)),
            OnSchemaChange::Ignore | OnSchemaChange::Fail => Ok(Changes::default()),
            OnSchemaChange::AppendNewColumns => Ok(Changes { new: changes.new, ..Changes::default() }),
            OnSchemaChange::SyncAllColumns => Ok(changes),
        }
    }

    fn failure(&self, changes: &Changes) -> Diagnostic {
        let list = |columns: &[Column]| {
            let one = |column: &Column| format!("`{}` ({})", column.name, column.data_type);
            columns.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let message = format!("{}: its columns are no longer those of its table", self.node);
        let mut diagnostic = Diagnostic::error("schema-changed", message);
        let kinds = [
            ("only in the query", &changes.new),
            ("only in the table", &changes.gone),
            ("of another type in the query", &changes.retyped),
        ];
        for (what, columns) in kinds.into_iter().filter(|(_, columns)| !columns.is_empty()) {
            diagnostic = diagnostic.note(format!("{what}: {}", list(columns)));
        }
        diagnostic.hint(
            "set `on_schema_change` to append_new_columns or sync_all_columns, or rebuild the table with --full-refresh",
        )
    }
}
