//! Stopping a run: the signal, and the statements to interrupt.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};

/// Interrupts what a connection is doing.
pub type Handle = Box<dyn Fn() + Send + Sync>;

/// Whether the user asked to stop, and what to interrupt then.
#[derive(Default)]
pub struct Cancel {
    running: AtomicBool,
    signal: AtomicI32,
    told: AtomicBool,
    handles: Mutex<HashMap<usize, Handle>>,
}

impl Cancel {
    /// Notes that from now on there is a run to be cancelled in an orderly way.
    pub fn begin(&self) {
        self.running.store(true, Ordering::SeqCst);
    }

    /// Whether a run has begun.
    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::SeqCst)
    }

    /// Asks to stop and interrupts every statement that runs. `signal` is the number that the exit code tells of.
    pub fn cancel(&self, signal: i32) {
        let _ = self.signal.compare_exchange(0, signal, Ordering::SeqCst, Ordering::SeqCst);
        for handle in self.handles.lock().unwrap_or_else(PoisonError::into_inner).values() {
            handle();
        }
    }

    /// The signal that asked to stop, if one did.
    pub fn signal(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::SeqCst)).filter(|s| *s != 0)
    }

    /// True the first time that somebody asks after a signal, so that it is said once.
    pub fn tell_once(&self) -> bool {
        self.signal().is_some() && !self.told.swap(true, Ordering::SeqCst)
    }

    /// Registers a connection's handle under the number of its worker.
    pub fn watch(&self, worker: usize, handle: Handle) {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner).insert(worker, handle);
    }

    /// Forgets the connection of a worker.
    pub fn forget(&self, worker: usize) {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner).remove(&worker);
    }
}
