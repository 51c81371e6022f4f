//! Warehouse connections.
//!
//! An [`Adapter`] is one configured warehouse. [`Adapter::connect`] gives a [`Connection`], which one worker
//! owns and sends SQL text over. Results come back as engine-neutral [`Table`]s of [`Cell`]s, failures as
//! [`AdapterError`]s which say what kind of failure it was and, when the engine tells, on which line.
//!
//! Adapters carry text; they do not write it. What a `create table as` looks like on a given engine is not
//! decided here. The exceptions are the few catalog queries behind [`Connection::relations`] and its siblings,
//! and the loading of seeds ([`Connection::load_csv`]).
//!
//! Each engine is one module behind one feature: [`duckdb`] and [`postgres`] (features of the same names). [`seed`] infers the columns of
//! a CSV file without any engine, and [`recording`] wraps an adapter to note what was sent to it.
//! [`conformance`] is the list of behaviours every engine has to show.

pub mod conformance;
#[cfg(feature = "duckdb")]
pub mod duckdb;
mod error;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod recording;
mod relation;
pub mod seed;
mod split;
mod table;

pub use error::{AdapterError, AdapterErrorKind};
pub use relation::{RelationInfo, RelationKind, RelationName, SchemaName};
pub use seed::{InferredColumn, LoadMode, SeedColumn, SeedLoad, SeedSource, SeedType, infer_csv, seed_columns};
pub use table::{Cell, Column, Table};

/// One configured warehouse, shared by all workers.
pub trait Adapter: Send + Sync {
    /// Opens a connection for one worker.
    ///
    /// # Errors
    /// Kinds `Connect`, `Locked`, `Config`, `Extension` or `Io`: the warehouse cannot be used as configured.
    fn connect(&self) -> Result<Box<dyn Connection>, AdapterError>;

    /// The engine's name as profiles spell it, for example `duckdb`.
    fn name(&self) -> &'static str;

    /// How often a transaction may be tried again after a failure that may pass.
    fn retries(&self) -> u32 {
        0
    }

    /// The type which a seed's column of this kind gets on this engine.
    fn seed_type(&self, kind: SeedType) -> &'static str;
}

/// A connection, owned by one worker. Statements run one after the other.
pub trait Connection: Send {
    /// Runs one or several statements separated by `;`. Stops at the first which fails; those before it keep
    /// their effect unless a transaction is open, or the engine takes them together for one.
    ///
    /// # Errors
    /// Whatever the engine rejects. `line` and `column` count within the whole of `sql`.
    fn execute(&mut self, sql: &str) -> Result<Stats, AdapterError>;

    /// Runs a statement that gives nothing and can hardly fail (`begin`), at the latest with the next one. Where each
    /// statement is a journey over a network both are sent together, and a failure is the next one's.
    ///
    /// # Errors
    /// As for [`Connection::execute`].
    fn execute_ahead(&mut self, sql: &str) -> Result<(), AdapterError> {
        self.execute(sql).map(drop)
    }

    /// Runs `sql` and returns all rows of its last statement.
    ///
    /// # Errors
    /// As for [`Connection::execute`].
    fn query(&mut self, sql: &str) -> Result<Table, AdapterError> {
        self.query_limited(sql, None)
    }

    /// Like [`Connection::query`], but stops fetching after `limit` rows.
    ///
    /// # Errors
    /// As for [`Connection::execute`].
    fn query_limited(&mut self, sql: &str, limit: Option<usize>) -> Result<Table, AdapterError>;

    /// The relations in all of `schemas`, read with one query and ordered by name. Schemas which do not exist
    /// contribute nothing.
    ///
    /// # Errors
    /// The catalog cannot be read.
    fn relations(&mut self, schemas: &[SchemaName]) -> Result<Vec<RelationInfo>, AdapterError>;

    /// The columns of a relation in their order; empty if there is no such relation.
    ///
    /// # Errors
    /// The catalog cannot be read.
    fn columns(&mut self, relation: &RelationName) -> Result<Vec<Column>, AdapterError>;

    /// The columns which the query `sql` would have, without running it.
    ///
    /// # Errors
    /// The query does not bind: as for [`Connection::execute`].
    fn describe(&mut self, sql: &str) -> Result<Vec<Column>, AdapterError>;

    /// The names of the schemas in `database` (`None`: the default database), ordered by name.
    ///
    /// # Errors
    /// The catalog cannot be read.
    fn schemas(&mut self, database: Option<&str>) -> Result<Vec<String>, AdapterError>;

    /// Loads a seed. `rows_affected` of the result is the number of rows loaded. Nothing is changed on failure.
    ///
    /// # Errors
    /// Kind `Csv` for a broken file, with `line` counting in that file; `Conversion` for a cell which does not
    /// fit its column's type.
    fn load_csv(&mut self, load: &SeedLoad<'_>) -> Result<Stats, AdapterError>;

    /// Connects anew if the connection is gone. A transaction that was open is gone with it.
    ///
    /// # Errors
    /// As for [`Adapter::connect`].
    fn revive(&mut self) -> Result<(), AdapterError> {
        Ok(())
    }

    /// Tells the engine what the next statements are for, for those who watch it. Engines that have no place for it
    /// do nothing.
    ///
    /// # Errors
    /// The connection is gone.
    fn set_label(&mut self, _label: &str) -> Result<(), AdapterError> {
        Ok(())
    }

    /// A function which interrupts the running statement from another thread. That statement then fails with
    /// kind `Cancelled`. Calling it while nothing runs does nothing.
    fn cancel_handle(&self) -> Box<dyn Fn() + Send + Sync>;
}

/// What a statement did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Rows written by the last statement, where the engine counts them.
    pub rows_affected: Option<u64>,
    /// A short word for people and artifacts, for example `OK`.
    pub message: String,
}

impl Stats {
    /// `OK`, with no count.
    pub fn ok() -> Stats {
        Stats { rows_affected: None, message: "OK".to_owned() }
    }
}
