//! The one error type of the crate, and how it travels through foreign functions.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use minijinja::{Error, Value};

/// What went wrong, coarsely: enough to choose an error code and a hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The template does not parse.
    Syntax,
    /// A name that nothing defines was called or used.
    UndefinedName,
    /// An attribute or element that its object does not have was used.
    UndefinedAttribute,
    /// A macro, function, filter or method was given the wrong arguments.
    Arguments,
    /// An operation was given a value of a wrong type (Python's `TypeError`).
    Type,
    /// An operation was given a wrong value (Python's `ValueError`, `IndexError`, `KeyError`).
    Value,
    /// The render ran out of fuel or nested too deeply.
    Limit,
    /// A function of the context raised an error of its own; see [`JinjaError::payload`].
    Raised,
}

/// One macro call on the way to an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The macro that was called.
    pub callee: Arc<str>,
    /// Where it was called.
    pub place: Location,
}

/// Where in a template an error was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The name of the template: what was passed to the render, or the id of a macro.
    pub template: Arc<str>,
    /// The file the template was cut out of.
    pub file: Option<Arc<str>>,
    /// The line, counted from 1, in the file (or in the template when it has no file).
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
    /// The bytes concerned, in the file (or in the template when it has no file).
    pub span: Range<usize>,
}

/// An error of a template: its syntax or its evaluation.
#[derive(Debug, Clone)]
pub struct JinjaError(Box<Repr>);

#[derive(Debug, Clone)]
struct Repr {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    location: Option<Location>,
    frames: Vec<Frame>,
    cause: Option<Arc<Error>>,
}

impl JinjaError {
    /// An error that is not yet bound to a place in a template.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        JinjaError(Box::new(Repr {
            kind,
            message: message.into(),
            hint: None,
            location: None,
            frames: Vec::new(),
            cause: None,
        }))
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message, worded as Python and Jinja2 word it.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the author of the template may do about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Where it was raised, in the source as it was given to the engine.
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// The macro calls that led to it, innermost first.
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// The typed error that a context function attached with `minijinja::Error::with_source`.
    pub fn payload<T: std::error::Error + 'static>(&self) -> Option<&T> {
        let mut current: &(dyn std::error::Error + 'static) = self.0.cause.as_deref()?;
        loop {
            if let Some(found) = current.downcast_ref::<T>() {
                return Some(found);
            }
            current = current.source()?;
        }
    }

    /// Binds the error to a place unless it has one already.
    pub(crate) fn locate(&mut self, make: impl FnOnce() -> Location) {
        if self.0.location.is_none() {
            self.0.location = Some(make());
        }
    }

    pub(crate) fn push_frame(&mut self, frame: Frame) {
        self.0.frames.push(frame);
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for JinjaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for JinjaError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

/// Why an evaluation stopped early.
#[derive(Debug, Clone)]
pub(crate) enum Signal {
    /// `return(value)`: ends the nearest macro.
    Return(Value),
    /// A failure.
    Error(JinjaError),
}

/// The result of everything that evaluates.
pub(crate) type Eval<T> = Result<T, Box<Signal>>;

impl From<JinjaError> for Box<Signal> {
    fn from(error: JinjaError) -> Self {
        Box::new(Signal::Error(error))
    }
}

/// A failure of the given kind, ready for `Err`.
pub(crate) fn raise(kind: ErrorKind, message: impl Into<String>) -> Box<Signal> {
    JinjaError::new(kind, message).into()
}

/// Python's `TypeError`.
pub(crate) fn type_error(message: impl Into<String>) -> Box<Signal> {
    raise(ErrorKind::Type, message)
}

/// Python's `ValueError` and its like.
pub(crate) fn value_error(message: impl Into<String>) -> Box<Signal> {
    raise(ErrorKind::Value, message)
}

/// Carries a [`Signal`] through `minijinja::Error` while foreign code is on the stack.
#[derive(Debug, Clone)]
struct Carrier(Signal);

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Signal::Return(_) => f.write_str("return outside of a macro"),
            Signal::Error(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Carrier {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Signal::Return(_) => None,
            Signal::Error(error) => Some(error),
        }
    }
}

/// Wraps a signal for foreign code.
pub(crate) fn into_foreign(signal: Signal) -> Error {
    let carrier = Carrier(signal);
    Error::new(minijinja::ErrorKind::InvalidOperation, carrier.to_string()).with_source(carrier)
}

/// Unwraps what foreign code raised, recovering our own signal when it merely passed through.
pub(crate) fn from_foreign(error: Error) -> Box<Signal> {
    let mut current: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = current {
        if let Some(carrier) = cause.downcast_ref::<Carrier>() {
            return Box::new(carrier.0.clone());
        }
        if let Some(own) = cause.downcast_ref::<JinjaError>() {
            return own.clone().into();
        }
        current = cause.source();
    }
    use minijinja::ErrorKind as Mini;
    let kind = match error.kind() {
        _ if std::error::Error::source(&error).is_some() => ErrorKind::Raised,
        Mini::MissingArgument | Mini::TooManyArguments => ErrorKind::Arguments,
        Mini::UndefinedError => ErrorKind::UndefinedName,
        Mini::UnknownMethod => ErrorKind::UndefinedAttribute,
        Mini::OutOfFuel => ErrorKind::Limit,
        _ => ErrorKind::Raised,
    };
    let message = match error.detail() {
        Some(detail) => detail.to_owned(),
        None => error.kind().to_string(),
    };
    let mut own = JinjaError::new(kind, message);
    own.0.cause = Some(Arc::new(error));
    own.into()
}

/// Turns a signal that reached the outermost call into the public error.
pub(crate) fn finish(signal: Signal) -> JinjaError {
    match signal {
        Signal::Error(error) => error,
        Signal::Return(_) => JinjaError::new(ErrorKind::Raised, "return was called outside of a macro"),
    }
}
