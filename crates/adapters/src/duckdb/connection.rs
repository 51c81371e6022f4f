//! One connection to an open database.

use duckdb::Statement;
use duckdb::arrow::array::{Array, AsArray};
use duckdb::arrow::datatypes::Int64Type;
use jiff::tz::TimeZone;

use super::types::DuckType;
use super::{catalog, errors, load, text_columns, values};
use crate::{
    AdapterError, AdapterErrorKind, Column, Connection, RelationInfo, RelationName, SchemaName, SeedLoad, Stats, Table,
    split,
};

/// A connection with the profile's settings applied.
pub(super) struct DuckConnection {
    inner: duckdb::Connection,
    /// The database which names without one refer to.
    database: String,
}

impl DuckConnection {
    pub(super) fn new(inner: duckdb::Connection, database: String) -> DuckConnection {
        DuckConnection { inner, database }
    }

    /// The name with the default database filled in where it names a schema.
    pub(super) fn qualified(&self, name: &RelationName) -> RelationName {
        let mut name = name.clone();
        if name.database.is_none() && name.schema.is_some() {
            name.database = Some(self.database.clone());
        }
        name
    }

    /// Runs `sql`. `Ok(None)`: the driver cannot hand out the result, and nothing of it was read.
    pub(super) fn fetch(&self, sql: &str, limit: Option<usize>) -> Result<Option<Table>, AdapterError> {
        let fail = |error: duckdb::Error| errors::from_driver(&error, sql);
        let mut statement = self.inner.prepare(sql).map_err(fail)?;
        let started = match limit {
            None => statement.execute([]).map(drop),
            Some(_) => statement.stream_arrow([]).map(drop),
        };
        match started {
            Err(duckdb::Error::FromSqlConversionFailure(..)) => return Ok(None),
            other => other.map_err(fail)?,
        }
        let types = column_types(&statement);
        if !types.iter().all(DuckType::is_readable) {
            return Ok(None);
        }
        let zone = if types.iter().any(DuckType::needs_time_zone) { self.time_zone() } else { TimeZone::UTC };
        read_rows(&statement, types, &zone, limit, sql).map(Some)
    }

    /// The session's time zone. UTC where the engine's name for it is not known here.
    fn time_zone(&self) -> TimeZone {
        let name = self.inner.query_row("select current_setting('TimeZone')", [], |row| row.get::<_, String>(0));
        name.ok().and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC)
    }
}

/// What a statement that writes says in its only cell: how many rows it wrote.
fn reported_count(statement: &Statement<'_>) -> Option<u64> {
    if statement.column_names() != ["Count"] || statement.row_count() != 1 {
        return None;
    }
    let batch = statement.step().ok().flatten()?;
    let counts = batch.columns().first()?.as_primitive_opt::<Int64Type>()?;
    u64::try_from(counts.value(0)).ok()
}

fn column_types(statement: &Statement<'_>) -> Vec<DuckType> {
    let schema = statement.schema();
    let columns = schema.fields().iter().enumerate();
    columns
        .map(|(index, field)| {
            let mut duck = DuckType::read(&statement.column_logical_type(index));
            duck.complete(field.data_type());
            duck
        })
        .collect()
}

fn read_rows(
    statement: &Statement<'_>,
    mut types: Vec<DuckType>,
    zone: &TimeZone,
    limit: Option<usize>,
    sql: &str,
) -> Result<Table, AdapterError> {
    let limit = limit.unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    while rows.len() < limit {
        let Some(batch) = statement.step().map_err(|error| errors::from_driver(&error, sql))? else { break };
        for (duck, array) in types.iter_mut().zip(batch.columns()) {
            if let DuckType::Enum(texts) = duck
                && texts.is_empty()
            {
                *texts = values::enum_texts(array.as_ref());
            }
        }
        let wanted = batch.len().min(limit - rows.len());
        for row in 0..wanted {
            let cells = types.iter().zip(batch.columns());
            let cells: Result<Vec<_>, _> =
                cells.map(|(duck, array)| values::cell(duck, array.as_ref(), row, zone)).collect();
            rows.push(cells.map_err(|values::Unreadable| unreadable())?);
        }
    }
    let columns = statement.column_names().into_iter().zip(&types);
    Ok(Table { columns: columns.map(|(name, duck)| Column::new(name, duck.to_string())).collect(), rows })
}

fn unreadable() -> AdapterError {
    AdapterError::new(AdapterErrorKind::Unsupported, "the result has a type that cannot be read")
        .with_hint("cast the column to text")
}

impl Connection for DuckConnection {
    fn execute(&mut self, sql: &str) -> Result<Stats, AdapterError> {
        if split::statements(sql).is_empty() {
            return Ok(Stats::ok());
        }
        let fail = |error: duckdb::Error| errors::from_driver(&error, sql);
        let mut statement = self.inner.prepare(sql).map_err(fail)?;
        let changed = match statement.execute([]) {
            // The statement ran; only its rows cannot be handed out, and nobody asked for them.
            Err(duckdb::Error::FromSqlConversionFailure(..)) => return Ok(Stats::ok()),
            other => other.map_err(fail)?,
        };
        let rows_affected = if changed > 0 { Some(changed as u64) } else { reported_count(&statement) };
        Ok(Stats { rows_affected, ..Stats::ok() })
    }

    fn query_limited(&mut self, sql: &str, limit: Option<usize>) -> Result<Table, AdapterError> {
        if split::statements(sql).is_empty() {
            return Ok(Table::default());
        }
        match self.fetch(sql, limit)? {
            Some(table) => Ok(table),
            None => text_columns::query(self, sql, limit),
        }
    }

    fn relations(&mut self, schemas: &[SchemaName]) -> Result<Vec<RelationInfo>, AdapterError> {
        if schemas.is_empty() {
            return Ok(Vec::new());
        }
        let table = self.query(&catalog::relations_sql(schemas, &self.database))?;
        Ok(table.rows.iter().filter_map(|row| catalog::relation(row)).collect())
    }

    fn columns(&mut self, relation: &RelationName) -> Result<Vec<Column>, AdapterError> {
        let name = self.qualified(relation);
        match self.query(&catalog::columns_sql(&name)) {
            Ok(table) => Ok(catalog::described(&table)),
            Err(error) if catalog::is_missing(&error, &name) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn describe(&mut self, sql: &str) -> Result<Vec<Column>, AdapterError> {
        const PREFIX: &str = "DESCRIBE ";
        let described = self.query(&format!("{PREFIX}{sql}"));
        match described {
            Ok(table) => Ok(catalog::described(&table)),
            Err(mut error) => {
                if error.line == Some(1) {
                    error.column = error.column.map(|column| column.saturating_sub(PREFIX.len() as u32).max(1));
                }
                Err(error)
            }
        }
    }

    fn schemas(&mut self, database: Option<&str>) -> Result<Vec<String>, AdapterError> {
        let table = self.query(&catalog::schemas_sql(database.unwrap_or(&self.database)))?;
        Ok(table.rows.iter().filter_map(|row| row.first()?.as_str().map(str::to_owned)).collect())
    }

    fn load_csv(&mut self, load: &SeedLoad<'_>) -> Result<Stats, AdapterError> {
        let relation = self.qualified(load.relation);
        load::run(self, &relation, load)
    }

    fn cancel_handle(&self) -> Box<dyn Fn() + Send + Sync> {
        let handle = self.inner.interrupt_handle();
        Box::new(move || handle.interrupt())
    }
}
