//! `try_or_compiler_error`: a call whose failure gets a message of the project's own.

use std::sync::Arc;

use minijinja::value::Object;
use minijinja::{Error, State, Value};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::{ContextError, problem};

/// `try_or_compiler_error(message, function, …)`.
#[derive(Debug)]
pub(super) struct Attempt;

impl Object for Attempt {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (message, rest) = args::first(args, "the message")?;
        let (function, rest) = args::first(rest, "the function")?;
        function.call(state, rest).map_err(|error| match asks_the_warehouse(&error) {
            true => error,
            false => problem(Diagnostic::error("raised-by-template", karat_jinja::py_str(message))),
        })
    }
}

fn asks_the_warehouse(error: &(dyn std::error::Error + 'static)) -> bool {
    let here = matches!(error.downcast_ref::<ContextError>(), Some(ContextError::NeedsConnection));
    here || error.source().is_some_and(asks_the_warehouse)
}
