//! One connection to a server.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::TryStreamExt;
use futures_util::future::{self, join};
use tokio::runtime::Runtime;
use tokio_postgres::{CancelToken, Client, SimpleQueryMessage, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Server, catalog, errors, load, types, values};
use crate::{
    AdapterError, AdapterErrorKind, Cell as Value, Column, Connection, RelationInfo, RelationName, SchemaName,
    SeedLoad, Stats, Table, split,
};

/// A connection with the profile's settings applied.
pub(super) struct PgConnection {
    client: Client,
    runtime: Arc<Runtime>,
    tls: MakeRustlsConnect,
    /// Says which of the server's processes is to stop; another one after the connection was lost.
    token: Arc<Mutex<CancelToken>>,
    server: Arc<Server>,
    /// Whether the server ended the connection, or it broke.
    is_lost: Cell<bool>,
    /// What is sent together with the next statement, each as a message of its own.
    ahead: RefCell<Vec<String>>,
    /// What the statements are for.
    label: Option<String>,
}

impl PgConnection {
    pub(super) fn new(
        client: Client,
        runtime: Arc<Runtime>,
        tls: MakeRustlsConnect,
        server: Arc<Server>,
    ) -> PgConnection {
        let token = Arc::new(Mutex::new(client.cancel_token()));
        let (ahead, label) = (RefCell::default(), None);
        PgConnection { client, runtime, tls, token, server, is_lost: Cell::new(false), ahead, label }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for an answer of the server.
    pub(super) fn wait<F: Future>(&self, answer: F) -> F::Output {
        self.runtime.block_on(answer)
    }

    /// Reads an error of the driver.
    pub(super) fn failed(&self, error: &tokio_postgres::Error, sql: &str) -> AdapterError {
        let error = errors::from_driver(error, sql);
        self.is_lost.set(self.is_lost.get() || error.kind == AdapterErrorKind::Connect);
        error
    }

    /// Whether a transaction is open. Outside of one each statement is one of its own and began just now.
    pub(super) fn in_transaction(&mut self) -> Result<bool, AdapterError> {
        let sql = "select pg_catalog.now() <> pg_catalog.statement_timestamp()";
        Ok(self.query(sql)?.single() == Some(&Value::Bool(true)))
    }

    /// Sends what waits and `last`, without waiting for the answers in between.
    fn sent<T>(
        &self,
        sql: &str,
        last: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, AdapterError> {
        let ahead = self.ahead.take();
        let first = future::join_all(ahead.iter().map(|sql| self.client.batch_execute(sql)));
        let (first, last) = self.wait(join(first, last));
        for (sql, answer) in ahead.iter().zip(first) {
            answer.map_err(|error| self.failed(&error, sql))?;
        }
        last.map_err(|error| self.failed(&error, sql))
    }

    fn prepare(&self, sql: &str) -> Result<Statement, AdapterError> {
        self.sent(sql, self.client.prepare(sql))
    }

    /// The rows of the last statement of `sql` as text, and its columns' names.
    fn texts(&self, sql: &str, limit: usize) -> Result<Texts, AdapterError> {
        self.sent(sql, self.read(sql, limit))
    }

    /// A single statement's rows with their types, in one exchange with the server.
    fn typed(&self, sql: &str, limit: usize) -> Result<Table, AdapterError> {
        let both = join(self.client.prepare(sql), self.read(sql, limit));
        let (statement, texts) = self.sent(sql, async {
            let (statement, texts) = both.await;
            Ok((statement?, texts?))
        })?;
        Ok(texts.typed(&statement))
    }

    async fn read(&self, sql: &str, limit: usize) -> Result<Texts, tokio_postgres::Error> {
        let stream = self.client.simple_query_raw(sql).await?;
        let mut stream = std::pin::pin!(stream);
        let mut texts = Texts::default();
        while let Some(message) = stream.try_next().await? {
            texts.take(message, limit);
        }
        Ok(texts)
    }

    fn send_label(&self) {
        let Some(label) = &self.label else { return };
        let name = self.server.settings.application_name(&|name| std::env::var(name).ok());
        let sql = format!("set application_name = {}", catalog::literal(&format!("{name} {label}")));
        self.ahead.borrow_mut().push(sql);
    }
}

/// A result as text.
#[derive(Default)]
struct Texts {
    names: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    /// How many rows the last statement read or wrote.
    count: u64,
    is_complete: bool,
}

impl Texts {
    fn take(&mut self, message: SimpleQueryMessage, limit: usize) {
        // What comes after the end of a statement belongs to the next one.
        if std::mem::take(&mut self.is_complete) {
            *self = Texts::default();
        }
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                self.names = columns.iter().map(|column| column.name().to_owned()).collect();
            }
            SimpleQueryMessage::Row(row) if self.rows.len() < limit => {
                self.rows.push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
            }
            SimpleQueryMessage::CommandComplete(count) => (self.count, self.is_complete) = (count, true),
            _ => {}
        }
    }

    /// With the types that the statement's description tells.
    fn typed(self, statement: &Statement) -> Table {
        let columns = statement.columns();
        let cell = |(at, text): (usize, Option<String>)| match (text, columns.get(at)) {
            (None, _) => Value::Null,
            (Some(text), Some(column)) => values::cell(column.type_(), &text),
            (Some(text), None) => Value::Text(text),
        };
        let rows = self.rows.into_iter().map(|row| row.into_iter().enumerate().map(cell).collect());
        Table { columns: described(statement), rows: rows.collect() }
    }

    /// Without: everything is text.
    fn untyped(self) -> Table {
        let cell = |text: Option<String>| text.map_or(Value::Null, Value::Text);
        let rows = self.rows.into_iter().map(|row| row.into_iter().map(cell).collect());
        let columns = self.names.into_iter().map(|name| Column::new(name, "text"));
        Table { columns: columns.collect(), rows: rows.collect() }
    }
}

fn described(statement: &Statement) -> Vec<Column> {
    let columns = statement.columns().iter();
    columns.map(|column| Column::new(column.name(), types::name(column.type_(), column.type_modifier()))).collect()
}

impl Connection for PgConnection {
    fn execute(&mut self, sql: &str) -> Result<Stats, AdapterError> {
        let Some(last) = split::statements(sql).pop() else { return Ok(Stats::ok()) };
        let count = self.texts(sql, 0)?.count;
        Ok(status(&sql[last], count))
    }

    fn query_limited(&mut self, sql: &str, limit: Option<usize>) -> Result<Table, AdapterError> {
        let limit = limit.unwrap_or(usize::MAX);
        let statements = split::statements(sql);
        match statements.as_slice() {
            [] => Ok(Table::default()),
            [_] => self.typed(sql, limit),
            // What those before it make is needed to tell the types of the last one.
            [.., last] => {
                let texts = self.texts(sql, limit)?;
                match self.prepare(&sql[last.clone()]) {
                    Ok(statement) if statement.columns().len() == texts.names.len() => Ok(texts.typed(&statement)),
                    _ => Ok(texts.untyped()),
                }
            }
        }
    }

    fn relations(&mut self, schemas: &[SchemaName]) -> Result<Vec<RelationInfo>, AdapterError> {
        if schemas.is_empty() {
            return Ok(Vec::new());
        }
        let table = self.query(&catalog::relations_sql(schemas))?;
        Ok(table.rows.iter().filter_map(|row| catalog::relation_info(row)).collect())
    }

    fn columns(&mut self, relation: &RelationName) -> Result<Vec<Column>, AdapterError> {
        let table = self.query(&catalog::columns_sql(relation))?;
        Ok(table.rows.iter().filter_map(|row| catalog::column(row)).collect())
    }

    fn describe(&mut self, sql: &str) -> Result<Vec<Column>, AdapterError> {
        Ok(described(&self.prepare(sql)?))
    }

    fn schemas(&mut self, database: Option<&str>) -> Result<Vec<String>, AdapterError> {
        let table = self.query(&catalog::schemas_sql(database))?;
        Ok(table.rows.iter().filter_map(|row| row.first()?.as_str().map(str::to_owned)).collect())
    }

    fn load_csv(&mut self, load: &SeedLoad<'_>) -> Result<Stats, AdapterError> {
        load::run(self, load)
    }

    fn revive(&mut self) -> Result<(), AdapterError> {
        if self.is_lost.get() || self.client.is_closed() {
            let (client, ..) = self.server.connect(super::RETRIES)?;
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = client.cancel_token();
            self.client = client;
            self.is_lost.set(false);
            self.ahead.take();
            self.send_label();
        }
        Ok(())
    }

    fn set_label(&mut self, label: &str) -> Result<(), AdapterError> {
        self.label = Some(label.to_owned());
        self.send_label();
        Ok(())
    }

    fn execute_ahead(&mut self, sql: &str) -> Result<(), AdapterError> {
        self.ahead.borrow_mut().push(sql.to_owned());
        Ok(())
    }

    fn cancel_handle(&self) -> Box<dyn Fn() + Send + Sync> {
        let (token, tls, runtime) = (Arc::clone(&self.token), self.tls.clone(), Arc::clone(&self.runtime));
        Box::new(move || {
            let token = token.lock().unwrap_or_else(PoisonError::into_inner).clone();
            // A server that can't be reached any more has nothing to cancel.
            let _ = runtime.block_on(token.cancel_query(tls.clone()));
        })
    }
}

/// The status that the server gives to a statement, which the driver keeps for itself: its verb, and how many rows it
/// wrote.
fn status(statement: &str, count: u64) -> Stats {
    let words = words(statement);
    let counted = |message: String| Stats { rows_affected: Some(count), message };
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match word(0) {
        "INSERT" => counted(format!("INSERT 0 {count}")),
        "SELECT" | "UPDATE" | "DELETE" | "MERGE" | "COPY" => counted(format!("{} {count}", word(0))),
        "WITH" | "VALUES" | "TABLE" => counted(format!("SELECT {count}")),
        "CREATE" => {
            let skipped = ["OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "GLOBAL", "LOCAL", "RECURSIVE"];
            let kind = words[1..].iter().find(|word| !skipped.contains(&word.as_str())).map_or("", String::as_str);
            match kind {
                "TABLE" if words.iter().any(|word| word == "AS") => counted(format!("SELECT {count}")),
                "MATERIALIZED" => counted(format!("SELECT {count}")),
                other => Stats { rows_affected: None, message: format!("CREATE {other}") },
            }
        }
        "ALTER" | "DROP" => Stats { rows_affected: None, message: format!("{} {}", word(0), word(1)) },
        "TRUNCATE" => Stats { rows_affected: None, message: "TRUNCATE TABLE".to_owned() },
        verb => Stats { rows_affected: None, message: verb.to_owned() },
    }
}

/// The first words of a statement in capitals, without comments and what is in quotes.
fn words(statement: &str) -> Vec<String> {
    const ENOUGH: usize = 12;
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < ENOUGH {
        let rest = &statement[at..];
        let Some(first) = rest.chars().next() else { break };
        let skipped = split::comment_end(statement, at).or_else(|| split::quoted_end(statement, at));
        at = skipped.unwrap_or_else(|| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            if end > 0 {
                found.push(rest[..end].to_ascii_uppercase());
            }
            at + end.max(first.len_utf8())
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_have_the_status_of_the_server() {
        for (sql, message, rows) in [
            ("/* {\"app\": \"karat\"} */\n  create table \"a\".\"b\"\n as (select 1)", "SELECT 3", Some(3)),
            ("create unlogged table t (as_of date)", "CREATE TABLE", None),
            ("create or replace view v as select 1", "CREATE VIEW", None),
            ("create materialized view v as select 1", "SELECT 3", Some(3)),
            ("-- x\ninsert into t select 1", "INSERT 0 3", Some(3)),
            ("delete from t", "DELETE 3", Some(3)),
            ("with a as (select 1) select * from a", "SELECT 3", Some(3)),
            ("alter table t rename to u", "ALTER TABLE", None),
            ("truncate t", "TRUNCATE TABLE", None),
            ("begin", "BEGIN", None),
            ("commit -- é", "COMMIT", None),
            ("comment on table t is 'é' ", "COMMENT", None),
        ] {
            assert_eq!(status(sql, 3), Stats { rows_affected: rows, message: message.to_owned() }, "{sql}");
        }
    }
}
