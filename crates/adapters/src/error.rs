//! The one error type of all adapters.

use std::fmt;

/// What went wrong, coarse enough to decide what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdapterErrorKind {
    /// The warehouse cannot be reached or opened.
    Connect,
    /// Somebody else holds the database file, or a lock on what is asked for.
    Locked,
    /// A setting of the profile is wrong.
    Config,
    /// An extension cannot be installed or loaded.
    Extension,
    /// A file cannot be read or written.
    Io,
    /// A seed's CSV file is broken.
    Csv,
    /// The text is not SQL.
    Syntax,
    /// A column does not exist.
    UnknownColumn {
        /// The name as written, where the engine tells it.
        name: String,
    },
    /// A table, view, schema or database does not exist.
    UnknownRelation {
        /// The name as written, where the engine tells it.
        name: String,
    },
    /// A function or macro does not exist.
    UnknownFunction {
        /// The name as written, where the engine tells it.
        name: String,
    },
    /// Names or types do not fit together: the query was understood and is wrong.
    Bind,
    /// The relation exists already, or is of another kind.
    AlreadyExists,
    /// Another transaction changed the same thing.
    Conflict,
    /// A `not null`, `unique`, `check` or key constraint was violated.
    Constraint,
    /// A value does not fit its type: a failed cast, an overflow, a bad date.
    Conversion,
    /// The engine may not do this, for lack of rights or because the database is read-only.
    Permission,
    /// The memory or disk limit was reached.
    OutOfMemory,
    /// The statement was interrupted.
    Cancelled,
    /// The engine lacks the feature.
    Unsupported,
    /// A defect in the engine or this adapter.
    Internal,
    /// Any other failure of a statement.
    Sql,
}

impl AdapterErrorKind {
    /// A kebab-case name, for example `unknown-column`.
    pub fn as_str(&self) -> &'static str {
        match self {
            AdapterErrorKind::Connect => "connect",
            AdapterErrorKind::Locked => "locked",
            AdapterErrorKind::Config => "config",
            AdapterErrorKind::Extension => "extension",
            AdapterErrorKind::Io => "io",
            AdapterErrorKind::Csv => "csv",
            AdapterErrorKind::Syntax => "syntax",
            AdapterErrorKind::UnknownColumn { .. } => "unknown-column",
            AdapterErrorKind::UnknownRelation { .. } => "unknown-relation",
            AdapterErrorKind::UnknownFunction { .. } => "unknown-function",
            AdapterErrorKind::Bind => "bind",
            AdapterErrorKind::AlreadyExists => "already-exists",
            AdapterErrorKind::Conflict => "conflict",
            AdapterErrorKind::Constraint => "constraint",
            AdapterErrorKind::Conversion => "conversion",
            AdapterErrorKind::Permission => "permission",
            AdapterErrorKind::OutOfMemory => "out-of-memory",
            AdapterErrorKind::Cancelled => "cancelled",
            AdapterErrorKind::Unsupported => "unsupported",
            AdapterErrorKind::Internal => "internal",
            AdapterErrorKind::Sql => "sql",
        }
    }
}

impl fmt::Display for AdapterErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failure of a warehouse, or of reaching it. Displays as its message alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AdapterError {
    /// What went wrong.
    pub kind: AdapterErrorKind,
    /// The engine's text, without its prefix, source excerpt and suggestions. Never empty.
    pub message: String,
    /// The line of the sent SQL (of the CSV file for kind `Csv`), from 1, where the engine says.
    pub line: Option<u32>,
    /// The column within that line, in characters from 1, where the engine says.
    pub column: Option<u32>,
    /// What to try.
    pub hint: Option<String>,
    /// Names which the engine thinks were meant, best first.
    pub candidates: Vec<String>,
}

impl AdapterError {
    /// An error with only a kind and a message.
    pub fn new(kind: AdapterErrorKind, message: impl Into<String>) -> AdapterError {
        AdapterError { kind, message: message.into(), line: None, column: None, hint: None, candidates: Vec::new() }
    }

    /// The same error with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> AdapterError {
        self.hint = Some(hint.into());
        self
    }

    /// The same error at a line (from 1).
    #[must_use]
    pub fn at_line(mut self, line: u32) -> AdapterError {
        self.line = Some(line);
        self
    }

    /// Whether the same may work a moment later: the connection was lost, or another transaction was in the way.
    pub fn may_pass(&self) -> bool {
        matches!(self.kind, AdapterErrorKind::Connect | AdapterErrorKind::Conflict)
    }

    /// Whether the statement was interrupted rather than failed.
    pub fn is_cancelled(&self) -> bool {
        self.kind == AdapterErrorKind::Cancelled
    }
}
