//! Sending a plan.

use karat_adapters::{AdapterError, AdapterErrorKind, Cell, Column, Connection, LoadMode, SeedLoad, Stats, Table};
use karat_sql::dialect::{Create, Dialect};
use karat_sql::names::{Kind, Name};
use serde_json::{Map, Value as Json};

use super::indexes::OnChange;
use super::replace::{self, Dependant};
use super::{
    ApplyGrants, CheckColumns, CommentColumns, LoadSeed, Plan, Purpose, Replace, Step, SyncColumns, SyncIndexes,
    WidenColumns, With, WriteRows,
};
use crate::diagnostic::Diagnostic;

/// What a plan did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Rows written by the statement that built the relation, where the engine counts them.
    pub rows_affected: Option<u64>,
    /// A short word for people: `OK`, `INSERT 3`.
    pub message: String,
    /// dbt's `adapter_response`.
    pub adapter_response: Map<String, Json>,
    /// What people may want to know about how it was done.
    pub notes: Vec<String>,
    /// The row of a data test, for [`test_outcome`](super::test_outcome).
    pub table: Option<Table>,
}

/// Why a plan stopped.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The warehouse said no, or was told to stop.
    Adapter(Box<AdapterError>),
    /// The node's settings did not allow to go on.
    Diagnostic(Box<Diagnostic>),
}

/// The step at which a plan stopped. What it did within its transaction is undone.
#[derive(Debug, Clone)]
pub struct StepError {
    /// The statement that failed; empty if it was none.
    pub sql: String,
    /// Why.
    pub error: Failure,
}

impl StepError {
    /// Whether it was interrupted rather than failed.
    pub fn is_cancelled(&self) -> bool {
        matches!(&self.error, Failure::Adapter(error) if error.is_cancelled())
    }

    /// Whether another transaction was in the way.
    pub fn is_conflict(&self) -> bool {
        matches!(&self.error, Failure::Adapter(error) if error.kind == AdapterErrorKind::Conflict)
    }
}

impl StepError {
    /// Whether the same may work a moment later.
    pub fn may_pass(&self) -> bool {
        matches!(&self.error, Failure::Adapter(error) if error.may_pass())
    }
}

impl From<Diagnostic> for StepError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { sql: String::new(), error: Failure::Diagnostic(Box::new(diagnostic)) }
    }
}

/// Sends a plan's steps in order. Every statement that is sent is added to `record`.
///
/// # Errors
/// A step failed. The transaction is rolled back and what was not part of it is cleaned up.
pub fn run(
    plan: &Plan,
    connection: &mut dyn Connection,
    dialect: &dyn Dialect,
    record: &mut Vec<String>,
) -> Result<Outcome, StepError> {
    let mut runner = Runner { connection, dialect, record, in_transaction: false, columns: None, is_new: plan.makes };
    let mut outcome = Outcome { message: "OK".to_owned(), ..Outcome::default() };
    for step in &plan.steps {
        if let Err(error) = runner.step(step, &mut outcome) {
            runner.give_up(&plan.cleanup);
            return Err(error);
        }
    }
    Ok(outcome)
}

/// Undoes the transaction that is open on a connection.
pub fn roll_back(connection: &mut dyn Connection, dialect: &dyn Dialect) {
    if let Some(sql) = dialect.rollback() {
        insist(connection, sql);
    }
}

/// Sends what has to be sent after a failure: a second signal may cancel this too.
fn insist(connection: &mut dyn Connection, sql: &str) {
    let cancelled = |c: &mut dyn Connection| c.execute(sql).is_err_and(|error| error.is_cancelled());
    let _ = (0..10).find(|_| !cancelled(connection));
}

struct Runner<'a> {
    connection: &'a mut dyn Connection,
    dialect: &'a dyn Dialect,
    record: &'a mut Vec<String>,
    in_transaction: bool,
    /// The columns of an incremental model's query and of its table.
    columns: Option<(Vec<Column>, Vec<Column>)>,
    /// Whether the relation was not there before, or is another one now.
    is_new: bool,
}

impl Runner<'_> {
    fn step(&mut self, step: &Step, outcome: &mut Outcome) -> Result<(), StepError> {
        match step {
            Step::Begin => self.begin(),
            Step::Commit => self.commit(),
            Step::Send(Purpose::Build, sql) => {
                let stats = self.send(sql)?;
                outcome.note(stats);
                Ok(())
            }
            Step::Send(_, sql) => self.send(sql).map(drop),
            Step::Ask(sql) => {
                self.record.push(sql.clone());
                outcome.table = Some(self.connection.query(sql).map_err(|error| failed(sql, error))?);
                outcome.note(Stats::ok());
                Ok(())
            }
            Step::Load(load) => self.load(load, outcome),
            Step::Check(check) => self.check(check),
            Step::Comment(comments) => self.comment(comments),
            Step::Lock(name) => self.lock(name, outcome),
            Step::Grant(grants) => self.grant(grants),
            Step::Indexes(indexes) => self.indexes(indexes, outcome),
            Step::Replace(replace) => self.replace(replace, outcome),
            Step::Unlink(table) => self.unlink(table),
            Step::Sync(sync) => self.sync(sync, outcome),
            Step::Widen(widen) => self.widen(widen, outcome),
            Step::Write(write) => self.write(write, outcome),
        }
    }

    fn send(&mut self, sql: &str) -> Result<Stats, StepError> {
        self.record.push(sql.to_owned());
        self.connection.execute(sql).map_err(|error| failed(sql, error))
    }

    fn begin(&mut self) -> Result<(), StepError> {
        let Some(sql) = self.dialect.begin() else { return Ok(()) };
        self.record.push(sql.to_owned());
        self.in_transaction = true;
        self.connection.execute_ahead(sql).map_err(|error| failed(sql, error))
    }

    fn commit(&mut self) -> Result<(), StepError> {
        if let Some(sql) = self.dialect.commit() {
            self.send(sql)?;
            self.in_transaction = false;
        }
        Ok(())
    }

    /// Failures here have no one to tell: the one that led here is reported.
    fn give_up(&mut self, cleanup: &[String]) {
        let rollback = self.dialect.rollback().filter(|_| self.in_transaction);
        for sql in rollback.into_iter().chain(cleanup.iter().map(String::as_str)) {
            self.record.push(sql.to_owned());
            insist(self.connection, sql);
        }
    }

    /// The columns of the query and of the table, read once.
    fn columns(&mut self, source: &Name, target: &Name) -> Result<(Vec<Column>, Vec<Column>), StepError> {
        if let Some(known) = self.columns.take() {
            return Ok(known);
        }
        Ok((self.describe(source)?, self.describe(target)?))
    }

    fn check(&mut self, check: &CheckColumns) -> Result<(), StepError> {
        let mut columns = |sql: &String| self.connection.describe(sql).map_err(|error| failed(sql, error));
        let (found, declared) = (columns(&check.query)?, columns(&check.declared)?);
        Ok(check.compare(self.dialect, &found, &declared)?)
    }

    fn comment(&mut self, comments: &CommentColumns) -> Result<(), StepError> {
        let known = self.describe(&comments.relation)?;
        comments.statements(self.dialect, &known).iter().try_for_each(|sql| self.send(sql).map(drop))
    }

    fn lock(&mut self, name: &Name, outcome: &mut Outcome) -> Result<(), StepError> {
        let Some((attempt, wait)) = self.dialect.lock(name) else { return Ok(()) };
        if !self.has_rows(&attempt)? {
            outcome.notes.push(format!("waited for another build of {}", self.dialect.relation(name)));
            self.has_rows(&wait)?;
        }
        Ok(())
    }

    /// Whether a query gives any, which needs neither their names nor their types.
    fn has_rows(&mut self, sql: &str) -> Result<bool, StepError> {
        let stats = self.connection.execute(sql).map_err(|error| failed(sql, error))?;
        Ok(stats.rows_affected != Some(0))
    }

    fn grant(&mut self, grants: &ApplyGrants) -> Result<(), StepError> {
        let Some(sql) = self.dialect.rights(&grants.relation) else { return Ok(()) };
        let there = self.connection.query(&sql).map_err(|error| failed(&sql, error))?;
        let statements = grants.statements(self.dialect, &there, !self.is_new);
        statements.iter().try_for_each(|sql| self.send(sql).map(drop))
    }

    fn indexes(&mut self, indexes: &SyncIndexes, outcome: &mut Outcome) -> Result<(), StepError> {
        let Some(sql) = self.dialect.indexes(&indexes.relation) else { return Ok(()) };
        let there = self.connection.query(&sql).map_err(|error| failed(&sql, error))?;
        let statements = indexes.statements(self.dialect, &there);
        match indexes.on_change {
            OnChange::Apply => statements.iter().try_for_each(|sql| self.send(sql).map(drop)),
            _ if statements.is_empty() => Ok(()),
            OnChange::Continue => {
                outcome.notes.push(format!("the indexes of {} are not those of its settings", indexes.node));
                Ok(())
            }
            OnChange::Fail => Err(indexes.refused().into()),
        }
    }

    fn replace(&mut self, replace: &Replace, outcome: &mut Outcome) -> Result<(), StepError> {
        let target = &replace.target;
        // A view that is kept is kept with whatever hangs on it.
        let asks = !matches!(replace.with, With::View { .. }) || replace.old != Kind::View;
        let mut hanging = if asks { self.dependants(target)? } else { Vec::new() };
        let keeps = match &replace.with {
            With::Table { .. } if hanging.is_empty() => false,
            With::Table { staged } => replace.keeps(&self.describe(target)?, &self.describe(staged)?),
            With::View { query, .. } if replace.old == Kind::View => {
                let new = self.connection.describe(query).map_err(|error| failed(query, error))?;
                replace.keeps(&self.describe(target)?, &new)
            }
            With::View { .. } | With::Statements { .. } => false,
        };
        if keeps {
            return self.refill(replace, outcome);
        }
        if !asks {
            hanging = self.dependants(target)?;
        }
        hanging.iter().try_for_each(|one| self.send(&one.drop).map(drop))?;
        self.send(&self.dialect.drop_relation(target, replace.old))?;
        match &replace.with {
            With::Table { staged } => drop(self.send(&self.dialect.rename(staged, Kind::Table, &target.identifier))?),
            With::View { create, .. } => outcome.note(self.send(create)?),
            With::Statements { create, insert } => {
                self.send(create)?;
                outcome.note(self.send(insert)?);
            }
        }
        self.is_new = true;
        self.restore(target, &hanging, outcome)
    }

    /// Makes anew what hung on a relation.
    fn restore(&mut self, relation: &Name, hanging: &[Dependant], outcome: &mut Outcome) -> Result<(), StepError> {
        hanging.iter().rev().try_for_each(|one| self.send(&one.make).map(drop))?;
        if !hanging.is_empty() {
            let names: Vec<&str> = hanging.iter().map(|one| one.what.as_str()).collect();
            outcome.notes.push(format!(
                "made anew what hangs on {}: {}",
                self.dialect.relation(relation),
                names.join(", ")
            ));
        }
        Ok(())
    }

    /// Keeps the relation that is there.
    fn refill(&mut self, replace: &Replace, outcome: &mut Outcome) -> Result<(), StepError> {
        match &replace.with {
            With::View { create, .. } | With::Statements { create, .. } => outcome.note(self.send(create)?),
            With::Table { staged } => {
                let columns: Vec<String> = self.describe(staged)?.into_iter().map(|column| column.name).collect();
                let table = self.dialect.relation(&replace.target);
                // Not `truncate`: those who read an older state would find the table empty.
                self.send(&format!("delete from {table}"))?;
                self.send(&self.dialect.insert_select(&replace.target, staged, &columns))?;
                self.send(&self.dialect.drop_relation(staged, Kind::Table))?;
            }
        }
        Ok(())
    }

    fn dependants(&mut self, relation: &Name) -> Result<Vec<Dependant>, StepError> {
        let Some((probe, sql)) = self.dialect.dependants(relation) else { return Ok(Vec::new()) };
        if !self.has_rows(&probe)? {
            return Ok(Vec::new());
        }
        self.connection.query(&sql).map(|table| replace::dependants(&table)).map_err(|error| failed(&sql, error))
    }

    /// Tables that refer to this one keep their rows and lose their constraints, until they are built again.
    fn unlink(&mut self, table: &Name) -> Result<(), StepError> {
        let Some(sql) = self.dialect.referring_tables(table) else { return Ok(()) };
        let found = self.connection.query(&sql).map_err(|error| failed(&sql, error))?;
        let rows = found.rows.iter().filter_map(|row| match row.first()? {
            Cell::Text(name) => Some(name.clone()),
            _ => None,
        });
        for identifier in rows.collect::<Vec<_>>() {
            let referring = Name { identifier, ..table.clone() };
            let held = self.dialect.temp_relation(&referring);
            let all = |name: &Name| format!("select * from {}", self.dialect.relation(name));
            for sql in [
                self.dialect.create_table_as(&held, &all(&referring), Create::Temporary),
                self.dialect.drop_relation(&referring, Kind::Table),
                self.dialect.create_table_as(&referring, &all(&held), Create::New),
                self.dialect.drop_relation(&held, Kind::Table),
            ] {
                self.send(&sql)?;
            }
        }
        Ok(())
    }

    fn describe(&mut self, relation: &Name) -> Result<Vec<Column>, StepError> {
        let sql = format!("select * from {}", self.dialect.relation(relation));
        self.connection.describe(&sql).map_err(|error| failed(&sql, error))
    }

    fn sync(&mut self, sync: &SyncColumns, outcome: &mut Outcome) -> Result<(), StepError> {
        let (source, target) = self.columns(&sync.source, &sync.target)?;
        let changes = sync.changes(self.dialect, &source, &target)?;
        for sql in changes.statements(self.dialect, &sync.target) {
            self.send(&sql)?;
        }
        self.retype(&sync.target, &changes.retyped, outcome)?;
        self.columns = Some((source, target));
        Ok(())
    }

    fn widen(&mut self, widen: &WidenColumns, outcome: &mut Outcome) -> Result<(), StepError> {
        let (source, mut target) = self.columns(&widen.source, &widen.target)?;
        let changes = WidenColumns::changes(self.dialect, &source, &target);
        self.retype(&widen.target, &changes, outcome)?;
        for column in &mut target {
            if let Some(changed) = changes.iter().find(|changed| changed.name == column.name) {
                column.data_type.clone_from(&changed.data_type);
            }
        }
        self.columns = Some((source, target));
        Ok(())
    }

    /// Gives columns of a table other types; what hangs on it is made anew.
    fn retype(&mut self, table: &Name, columns: &[Column], outcome: &mut Outcome) -> Result<(), StepError> {
        let hanging = if columns.is_empty() { Vec::new() } else { self.dependants(table)? };
        hanging.iter().try_for_each(|one| self.send(&one.drop).map(drop))?;
        for column in columns {
            self.send(&self.dialect.alter_column_type(table, &column.name, &column.data_type))?;
        }
        self.restore(table, &hanging, outcome)
    }

    fn write(&mut self, write: &WriteRows, outcome: &mut Outcome) -> Result<(), StepError> {
        let (source, target) = self.columns(&write.source, &write.target)?;
        for sql in write.statements(self.dialect, &source, &target) {
            let stats = self.send(&sql)?;
            outcome.note(stats);
        }
        Ok(())
    }

    fn load(&mut self, load: &LoadSeed, outcome: &mut Outcome) -> Result<(), StepError> {
        let known = if load.keeps_table {
            self.connection.columns(&load.relation).map_err(|error| failed("", error))?
        } else {
            Vec::new()
        };
        let mode = load.mode(&known, self.dialect);
        let text = load.describe(self.dialect);
        self.record.push(text.clone());
        let seed = SeedLoad {
            relation: &load.relation,
            columns: &load.seed.columns,
            source: load.source(),
            delimiter: load.delimiter,
            mode,
        };
        let stats = self.connection.load_csv(&seed).map_err(|error| failed(&text, error))?;
        if mode == LoadMode::Create {
            for sql in &load.indexes {
                self.send(sql)?;
            }
        }
        outcome.loaded(stats.rows_affected.unwrap_or(0), load.full_refresh);
        Ok(())
    }
}

impl Outcome {
    fn note(&mut self, stats: Stats) {
        self.adapter_response = Map::from_iter([("_message".to_owned(), Json::from(stats.message.clone()))]);
        self.message = stats.message;
        self.rows_affected = stats.rows_affected;
    }

    fn loaded(&mut self, rows: u64, full_refresh: bool) {
        let code = if full_refresh { "CREATE" } else { "INSERT" };
        self.note(Stats { rows_affected: Some(rows), message: format!("{code} {rows}") });
        self.adapter_response.insert("code".to_owned(), Json::from(code));
        self.adapter_response.insert("rows_affected".to_owned(), Json::from(rows));
    }
}

fn failed(sql: &str, error: AdapterError) -> StepError {
    StepError { sql: sql.to_owned(), error: Failure::Adapter(Box::new(error)) }
}
