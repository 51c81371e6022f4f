//! Errors raised by what a template calls, on their way through the template engine and back.

use std::fmt;

use minijinja::{Error, ErrorKind};

use crate::diagnostic::Diagnostic;

/// Why a function of the context failed. It travels as the source of a template error.
#[derive(Debug, Clone)]
pub enum ContextError {
    /// The template asks the warehouse, and none is at hand.
    NeedsConnection,
    /// Something that a person has to see.
    Problem(Box<Diagnostic>),
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsConnection => f.write_str("this asks the warehouse, and there is no connection"),
            Self::Problem(diagnostic) => f.write_str(&diagnostic.message),
        }
    }
}

impl std::error::Error for ContextError {}

impl From<ContextError> for Error {
    fn from(error: ContextError) -> Self {
        Error::new(ErrorKind::InvalidOperation, error.to_string()).with_source(error)
    }
}

/// A template error that carries this diagnostic.
pub fn problem(diagnostic: Diagnostic) -> Error {
    ContextError::Problem(Box::new(diagnostic)).into()
}

/// The template error for something that needs a connection.
pub fn needs_connection() -> Error {
    ContextError::NeedsConnection.into()
}
