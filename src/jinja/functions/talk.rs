//! `log` and `print`: what a template says to people.

use std::sync::Arc;

use minijinja::{Error, Value};

use crate::jinja::args;
use crate::jinja::scope::Scope;

pub(super) fn log(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (message, rest) = args::first(args, "the message")?;
    let info = args::option(rest, 0, "info").is_some_and(|v| v.is_true());
    scope.shared.talk.log(&karat_jinja::py_str(message), info);
    Ok(Value::from(""))
}

pub(super) fn print(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let text: Vec<String> = args.iter().filter(|v| !v.is_kwargs()).map(karat_jinja::py_str).collect();
    scope.shared.talk.print(&text.join(" "));
    Ok(Value::from(""))
}
