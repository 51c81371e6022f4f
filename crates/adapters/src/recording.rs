//! An adapter that notes what is sent to another, in order.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    Adapter, AdapterError, Column, Connection, RelationInfo, RelationName, SchemaName, SeedLoad, SeedType, Stats, Table,
};

/// What was sent so far, shared by all connections of a [`Recording`].
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// The texts sent so far. Calls without SQL of the caller's are noted in words, such as `-- load_csv main.s`.
    pub fn entries(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, entry: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry.into());
    }
}

/// Passes everything on to another adapter and notes it.
pub struct Recording<A> {
    inner: A,
    log: Log,
}

impl<A: Adapter> Recording<A> {
    /// Wraps `inner`.
    pub fn new(inner: A) -> Recording<A> {
        Recording { inner, log: Log::default() }
    }

    /// What was sent.
    pub fn log(&self) -> Log {
        self.log.clone()
    }
}

impl<A: Adapter> Adapter for Recording<A> {
    fn connect(&self) -> Result<Box<dyn Connection>, AdapterError> {
        Ok(Box::new(RecordingConnection { inner: self.inner.connect()?, log: self.log.clone() }))
    }

    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn retries(&self) -> u32 {
        self.inner.retries()
    }

    fn seed_type(&self, kind: SeedType) -> &'static str {
        self.inner.seed_type(kind)
    }
}

struct RecordingConnection {
    inner: Box<dyn Connection>,
    log: Log,
}

impl Connection for RecordingConnection {
    fn execute(&mut self, sql: &str) -> Result<Stats, AdapterError> {
        self.log.note(sql);
        self.inner.execute(sql)
    }

    fn execute_ahead(&mut self, sql: &str) -> Result<(), AdapterError> {
        self.log.note(sql);
        self.inner.execute_ahead(sql)
    }

    fn query_limited(&mut self, sql: &str, limit: Option<usize>) -> Result<Table, AdapterError> {
        self.log.note(sql);
        self.inner.query_limited(sql, limit)
    }

    fn relations(&mut self, schemas: &[SchemaName]) -> Result<Vec<RelationInfo>, AdapterError> {
        let names: Vec<&str> = schemas.iter().map(|name| name.schema.as_str()).collect();
        self.log.note(format!("-- relations {}", names.join(", ")));
        self.inner.relations(schemas)
    }

    fn columns(&mut self, relation: &RelationName) -> Result<Vec<Column>, AdapterError> {
        self.log.note(format!("-- columns {relation}"));
        self.inner.columns(relation)
    }

    fn describe(&mut self, sql: &str) -> Result<Vec<Column>, AdapterError> {
        self.log.note(format!("-- describe\n{sql}"));
        self.inner.describe(sql)
    }

    fn schemas(&mut self, database: Option<&str>) -> Result<Vec<String>, AdapterError> {
        self.log.note(format!("-- schemas {}", database.unwrap_or_default()).trim_end());
        self.inner.schemas(database)
    }

    fn load_csv(&mut self, load: &SeedLoad<'_>) -> Result<Stats, AdapterError> {
        self.log.note(format!("-- load_csv {}", load.relation));
        self.inner.load_csv(load)
    }

    fn revive(&mut self) -> Result<(), AdapterError> {
        self.inner.revive()
    }

    fn set_label(&mut self, label: &str) -> Result<(), AdapterError> {
        self.inner.set_label(label)
    }

    fn cancel_handle(&self) -> Box<dyn Fn() + Send + Sync> {
        self.inner.cancel_handle()
    }
}
