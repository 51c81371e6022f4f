//! DuckDB, embedded.
//!
//! [`DuckDb`] opens its database once, on the first connection; all its connections share that one instance.
//! Two adapters of one process must not open the same file: the operating system's lock, which keeps other
//! processes out, does not keep a second instance of the same process out.

mod catalog;
mod connection;
mod database;
mod errors;
mod load;
mod names;
mod settings;
mod setup;

mod text_columns;
mod time;
mod types;
mod values;

use std::sync::{Mutex, PoisonError};

use self::connection::DuckConnection;
use self::database::Database;
pub use self::settings::{Attach, AttachOption, Extension, Secret, SecretValue, Settings};
use crate::{Adapter, AdapterError, Connection, SeedType};

/// A DuckDB database.
pub struct DuckDb {
    settings: Settings,
    database: Mutex<Option<Database>>,
}

impl DuckDb {
    /// An adapter that opens its database when the first connection is asked for.
    pub fn new(settings: Settings) -> DuckDb {
        DuckDb { settings, database: Mutex::new(None) }
    }

    /// What it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Lets go of the database: its file is closed, and its write-ahead log merged, once the last connection is
    /// dropped. The next [`Adapter::connect`] opens it again. A database in memory is lost.
    pub fn close(&self) {
        self.database.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Adapter for DuckDb {
    fn connect(&self) -> Result<Box<dyn Connection>, AdapterError> {
        let mut open = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let database = match open.take() {
            Some(database) => open.insert(database),
            None => open.insert(Database::open(&self.settings)?),
        };
        let connection = database.connect(&self.settings)?;
        Ok(Box::new(DuckConnection::new(connection, self.settings.database_name())))
    }

    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn seed_type(&self, kind: SeedType) -> &'static str {
        match kind {
            SeedType::Text => "VARCHAR",
            SeedType::Integer => "INTEGER",
            SeedType::BigInteger => "BIGINT",
            SeedType::Float => "DOUBLE",
            SeedType::Boolean => "BOOLEAN",
            SeedType::Date => "DATE",
            SeedType::Timestamp => "TIMESTAMP",
        }
    }
}
