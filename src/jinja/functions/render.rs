//! Texts that are templates of their own: hooks, settings.

use std::sync::Arc;

use minijinja::{Error, ErrorKind, Value};

use crate::jinja::args;
use crate::jinja::scope::Scope;

/// `render(text)`: the text as a template of its own.
///
/// # Errors
/// The template is wrong.
pub(super) fn render(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (text, _) = args::first(args, "the text")?;
    let Some(text) = text.as_str() else { return Ok(text.clone()) };
    let engine = scope.shared.macros.engine();
    engine.render("<text>", text, Value::from_dyn_object(scope.clone())).map(Value::from).map_err(|error| {
        let wrapped = Error::new(ErrorKind::InvalidOperation, error.message().to_owned());
        match error.payload::<crate::jinja::error::ContextError>() {
            Some(payload) => payload.clone().into(),
            None => wrapped.with_source(error),
        }
    })
}
