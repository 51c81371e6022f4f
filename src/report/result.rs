//! How a run went: node by node, and as a whole.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::freshness::Found;
use crate::inputs::Window;

/// How it went with one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It was built.
    Success,
    /// It could not be built, or a test could not be run.
    Error,
    /// It was not tried, because something above it failed.
    Skipped,
    /// A test that found nothing.
    Pass,
    /// A test that found something it only warns of.
    Warn,
    /// A test that found something.
    Fail,
    /// The freshness of a source could not be told.
    RuntimeError,
    /// There was nothing to do.
    NoOp,
    /// Some batches were built and some were not.
    PartialSuccess,
}

impl Status {
    /// dbt's name for it, as in `run_results.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::RuntimeError => "runtime error",
            Self::NoOp => "no-op",
            Self::PartialSuccess => "partial success",
        }
    }

    /// Whether it is the node's own fault that the run failed.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Error | Self::Fail | Self::RuntimeError | Self::PartialSuccess)
    }
}

/// The outcome of one node.
#[derive(Debug, Clone)]
pub struct NodeResult {
    /// The node.
    pub unique_id: String,
    /// How it went.
    pub status: Status,
    /// The engine's word (`INSERT 3`), what a test found, or what went wrong.
    pub message: Option<String>,
    /// How many rows a test found.
    pub failures: Option<i64>,
    /// How long it took.
    pub execution_seconds: f64,
    /// The worker, counted from 1; 0 is the main thread.
    pub thread: usize,
    /// When its template began to be rendered.
    pub compile_started: Option<Timestamp>,
    /// When its SQL was ready.
    pub compile_completed: Option<Timestamp>,
    /// When its first statement was sent.
    pub execute_started: Option<Timestamp>,
    /// When its last statement was done.
    pub execute_completed: Option<Timestamp>,
    /// What the engine said, for `run_results.json`.
    pub adapter_response: Map<String, Json>,
    /// Whether its SQL was rendered.
    pub compiled: bool,
    /// Whether what was sent is kept in the target folder.
    pub kept: bool,
    /// The rendered SQL.
    pub compiled_code: Option<Arc<str>>,
    /// The relation as SQL names it.
    pub relation_name: Option<String>,
    /// How many rows were written.
    pub rows: Option<u64>,
    /// What went wrong, with its place in the files.
    pub diagnostic: Option<Diagnostic>,
    /// Why it was not tried.
    pub skipped_because: Option<String>,
    /// What is to be said about it although it went well.
    pub warnings: Vec<Diagnostic>,
    /// How it was done, where that is out of the ordinary.
    pub notes: Vec<String>,
    /// How old a source table is.
    pub freshness: Option<Found>,
    /// Whether it was cloned from an earlier run.
    pub cloned: bool,
    /// Which batches of a microbatch model were built.
    pub batches: Option<Batches>,
}

/// How it went with the batches of a microbatch model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batches {
    /// Those that were built.
    pub successful: Vec<Window>,
    /// Those that were not.
    pub failed: Vec<Window>,
}

impl NodeResult {
    /// An outcome of which only the status is known yet.
    pub fn new(unique_id: impl Into<String>, status: Status) -> Self {
        Self {
            unique_id: unique_id.into(),
            status,
            message: None,
            failures: None,
            execution_seconds: 0.0,
            thread: 0,
            cloned: false,
            compile_started: None,
            compile_completed: None,
            execute_started: None,
            execute_completed: None,
            adapter_response: Map::new(),
            compiled: false,
            kept: false,
            compiled_code: None,
            relation_name: None,
            rows: None,
            diagnostic: None,
            skipped_because: None,
            warnings: Vec::new(),
            notes: Vec::new(),
            freshness: None,
            batches: None,
        }
    }

    /// A node that was not tried.
    pub fn skipped(unique_id: impl Into<String>, because: impl Into<String>) -> Self {
        Self { skipped_because: Some(because.into()), ..Self::new(unique_id, Status::Skipped) }
    }
}

/// The outcome of a whole run.
#[derive(Debug, Clone)]
pub struct RunReport {
    /// Every node that was selected, and the hooks, in the order in which they ended.
    pub results: Vec<NodeResult>,
    /// How many seconds the nodes took, on the clock.
    pub elapsed: f64,
    /// When the invocation began.
    pub started_at: Timestamp,
    /// When the report was made.
    pub generated_at: Timestamp,
    /// Names the invocation.
    pub invocation_id: String,
    /// The settings of the invocation, by dbt's names.
    pub args: Map<String, Json>,
    /// The command: `build`, `run`, `test` …
    pub command: String,
}

/// How many nodes ended in which way: the numbers of the last line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Built, or passed.
    pub pass: usize,
    /// Warned.
    pub warn: usize,
    /// Failed in any way; partial successes are among them.
    pub error: usize,
    /// Not tried.
    pub skip: usize,
    /// Nothing to do.
    pub noop: usize,
    /// Partial successes.
    pub partial: usize,
    /// All of them.
    pub total: usize,
}

impl RunReport {
    /// How many nodes ended in which way.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { total: self.results.len(), ..Counts::default() };
        for result in &self.results {
            match result.status {
                Status::Success | Status::Pass => counts.pass += 1,
                Status::Warn => counts.warn += 1,
                Status::Error | Status::Fail | Status::RuntimeError => counts.error += 1,
                Status::Skipped => counts.skip += 1,
                Status::NoOp => counts.noop += 1,
                Status::PartialSuccess => {
                    counts.error += 1;
                    counts.partial += 1;
                }
            }
        }
        counts
    }

    /// 0 when all went well; 1 when a node failed or was skipped.
    pub fn exit_code(&self) -> u8 {
        let counts = self.counts();
        u8::from(counts.error + counts.skip > 0)
    }
}
