//! A DuckDB in memory to send plans to.

use karat_adapters::duckdb::{DuckDb as Engine, Settings};
use karat_adapters::{Adapter, Connection, RelationKind, RelationName, SchemaName};
use karat_sql::dialect::{Dialect, DuckDb};
use serde_json::Value as Json;

use super::super::{Failure, Job, Outcome, StepError, node, run};
use super::{a_model, target};

pub(super) struct Warehouse {
    pub engine: Engine,
    pub connection: Box<dyn Connection>,
    /// What was sent last.
    pub sent: Vec<String>,
}

impl Warehouse {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        let engine = Engine::new(settings);
        let connection = engine.connect().unwrap();
        Self { engine, connection, sent: Vec::new() }
    }

    pub fn execute(&mut self, sql: &str) {
        self.connection.execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// What the catalog has under the target's name.
    pub fn existing(&mut self) -> Option<RelationKind> {
        let all = self.connection.relations(&[SchemaName::new("main")]).unwrap();
        all.iter().find(|relation| relation.name.identifier == "orders").map(|relation| relation.kind)
    }

    /// All relations of the database and all temporary ones, by name.
    pub fn relations(&mut self) -> Vec<String> {
        self.texts(
            "select table_name from information_schema.tables where table_name not in ('log') order by table_name",
        )
        .into_iter()
        .map(|mut row| row.remove(0))
        .collect()
    }

    pub fn texts(&mut self, sql: &str) -> Vec<Vec<String>> {
        let table = self.connection.query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        table.rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    /// The target's rows, as text, in order.
    pub fn rows(&mut self) -> Vec<Vec<String>> {
        self.texts("select * from main.orders order by all")
    }

    pub fn columns(&mut self) -> Vec<[String; 2]> {
        let columns = self.connection.columns(&target()).unwrap();
        columns.into_iter().map(|column| [column.name, column.data_type]).collect()
    }

    /// Builds a model named `orders`.
    pub fn build(&mut self, config: &Json, sql: &str) -> Result<Outcome, StepError> {
        self.build_with(config, sql, |_| {})
    }

    pub fn build_with(
        &mut self,
        config: &Json,
        sql: &str,
        change: impl FnOnce(&mut Job<'_>),
    ) -> Result<Outcome, StepError> {
        let model = a_model(config);
        let mut job = Job::new(&model, sql, target());
        change(&mut job);
        self.run(job)
    }

    /// Plans and sends a job; `existing` is looked up.
    pub fn run(&mut self, job: Job<'_>) -> Result<Outcome, StepError> {
        self.run_in(job, &DuckDb)
    }

    pub fn run_in(&mut self, mut job: Job<'_>, dialect: &dyn Dialect) -> Result<Outcome, StepError> {
        job.existing = self.existing();
        let plan = node(&job, dialect)?;
        self.sent.clear();
        run(&plan, self.connection.as_mut(), dialect, &mut self.sent)
    }
}

/// The words of a failure.
pub(super) fn message(error: &StepError) -> String {
    match &error.error {
        Failure::Adapter(error) => error.message.clone(),
        Failure::Diagnostic(diagnostic) => format!("{}: {}", diagnostic.code, diagnostic.message),
    }
}

pub(super) fn relation(schema: &str, name: &str) -> RelationName {
    RelationName::new(schema, name)
}
