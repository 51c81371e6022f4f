//! What a materialization does to the warehouse: statements in transactions that it opens and closes itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use karat_adapters::AdapterError;

/// The transaction of one materialization, and what it failed on.
#[derive(Debug, Default)]
pub struct Transaction {
    open: AtomicBool,
    failure: Mutex<Option<(AdapterError, String)>>,
}

impl Transaction {
    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// Notes that it was opened or closed.
    pub fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::Relaxed);
    }

    /// Notes the statement that the engine rejected.
    pub fn failed(&self, error: &AdapterError, sql: &str) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some((error.clone(), sql.to_owned()));
    }

    /// The statement that the engine rejected, and why.
    pub fn failure(&self) -> Option<(AdapterError, String)> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
