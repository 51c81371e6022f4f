//! What happens during an invocation, and who listens.

use std::str::FromStr;

use super::result::{NodeResult, RunReport, Status};
use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::node::Node;
use crate::source::SourceMap;

/// How important something said is. The names are dbt's `--log-level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for the cause of something.
    Debug,
    /// What goes on.
    Info,
    /// Worth a look.
    Warn,
    /// What went wrong.
    Error,
    /// As a threshold: nothing at all.
    None,
}

impl Level {
    /// The word for it in the JSON log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::None => "none",
        }
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Debug, Self::Info, Self::Warn, Self::Error, Self::None]
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("`{text}` is no log level: debug, info, warn, error or none"))
    }
}

/// `3 of 41`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1.
    pub index: usize,
    /// How many there are.
    pub total: usize,
}

/// What is needed to speak about the nodes of a finished run.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The nodes.
    pub graph: &'a Graph,
    /// The files they are in.
    pub sources: &'a SourceMap,
    /// The target folder as it is to be shown: `target`.
    pub target: &'a str,
}

/// A batch of a microbatch model.
#[derive(Debug, Clone, Copy)]
pub struct BatchLine<'a> {
    /// Its number among the batches.
    pub position: Position,
    /// The model.
    pub node: &'a Node,
    /// Its start: `2024-01-01`.
    pub batch: &'a str,
    /// The worker, counted from 1.
    pub thread: usize,
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The project is loaded and nodes are about to run.
    RunStarted {
        /// `12 models, 7 seeds, 40 data tests, 1 source` ([`found`](super::found)).
        found: &'a str,
        /// How many workers there are.
        threads: usize,
        /// The name of the target.
        target: &'a str,
        /// How many nodes will run.
        total: usize,
    },
    /// A worker takes a node up.
    NodeStarted {
        /// Its number, given in the order of starting.
        position: Position,
        /// The node.
        node: &'a Node,
        /// The worker, counted from 1.
        thread: usize,
    },
    /// A node has an outcome.
    NodeFinished {
        /// The number that it had when it started.
        position: Position,
        /// The node.
        node: &'a Node,
        /// How it went.
        result: &'a NodeResult,
    },
    /// A batch of a microbatch model begins.
    BatchStarted {
        /// Which.
        line: BatchLine<'a>,
    },
    /// A batch has an outcome.
    BatchFinished {
        /// Which.
        line: BatchLine<'a>,
        /// How it went.
        status: Status,
        /// How long it took.
        seconds: f64,
    },
    /// A hook of the project has run.
    HookFinished {
        /// Its number among the hooks of its kind.
        position: Position,
        /// The hook.
        node: &'a Node,
        /// How it went.
        result: &'a NodeResult,
    },
    /// Something to say in plain words.
    Message(Level, &'a str),
    /// A problem of the project.
    Diagnostic(&'a Diagnostic, &'a SourceMap),
    /// The user asked to stop; what runs is being interrupted.
    Cancelled,
    /// All nodes have an outcome.
    RunFinished {
        /// The outcomes.
        report: &'a RunReport,
        /// What they are about.
        context: Context<'a>,
    },
}

/// Listens to what happens. Workers call it at the same time.
pub trait Reporter: Send + Sync {
    /// Takes note of an event. A failure to write is ignored: there is nobody left to tell.
    fn event(&self, event: &Event<'_>);
}
