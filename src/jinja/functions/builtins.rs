//! `builtins`: the functions of karat, whatever the project made of their names.

use std::sync::Arc;

use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};

use super::lookup;
use crate::jinja::scope::Scope;

/// `builtins.ref`: the function of karat, whatever the project made of the name.
#[derive(Debug)]
pub(super) struct Builtins(pub(super) Arc<Scope>);

impl Object for Builtins {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        lookup(&self.0, key.as_str()?)
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match lookup(&self.0, method) {
            Some(value) => value.call(state, args),
            None => Err(Error::new(ErrorKind::UnknownMethod, format!("builtins has no `{method}`"))),
        }
    }
}
