//! `context`, and the names that are kept for old projects.

use std::sync::Arc;

use karat_jinja::Dict;
use minijinja::value::{Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::scope::Scope;

/// `context`: every name of a template, as a mapping.
#[derive(Debug)]
pub struct Context(pub(super) Arc<Scope>);

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        self.0.get_value(key).or_else(|| super::builtins::plain(name))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let macros = &self.0.shared.macros;
        let names = macros.names().map(str::to_owned).filter(|name| macros.find(&self.0.package, name).is_some());
        let mut names: Vec<String> = names.collect();
        names.extend(super::builtins::NAMES.iter().map(|name| (*name).to_owned()));
        names.sort_unstable();
        names.dedup();
        Enumerator::Values(names.into_iter().map(Value::from).collect())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "get" => {
                let (name, rest) = args::first(args, "the name")?;
                Ok(self.get_value(name).or(args::option(rest, 0, "default")).unwrap_or(Value::from(())))
            }
            "update" => {
                for arg in args {
                    for key in arg.try_iter()? {
                        let value = arg.get_item(&key)?;
                        self.added().insert(key, value);
                    }
                }
                Ok(Value::from(()))
            }
            "setdefault" => {
                let (name, rest) = args::first(args, "the name")?;
                if let Some(known) = self.get_value(name) {
                    return Ok(known);
                }
                let value = args::option(rest, 0, "default").unwrap_or(Value::from(()));
                self.added().insert(name.clone(), value.clone());
                Ok(value)
            }
            "keys" => Ok(karat_jinja::list(Value::from_dyn_object(self.clone()).try_iter()?.collect())),
            _ => match self.get_value(&Value::from(method)) {
                Some(value) => value.call(state, args),
                None => Err(Error::new(ErrorKind::UnknownMethod, format!("there is no `{method}`"))),
            },
        }
    }
}

impl Context {
    /// What the template adds: names that it and the macros that it calls find from then on.
    fn added(&self) -> &Dict {
        self.0.added.get_or_init(Arc::default)
    }
}

/// `adapter_macro(name, …)`, the older form of `adapter.dispatch`.
pub(super) fn adapter_macro(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, _) = args::first_text(args, "the name of the macro")?;
    let (space, short) = name.split_once('.').map_or((None, name.as_str()), |(space, name)| (Some(space), name));
    let call = match space {
        Some(space) => format!("adapter.dispatch('{short}', '{space}')(…)"),
        None => format!("adapter.dispatch('{short}')(…)"),
    };
    let package = &scope.package;
    Err(problem(
        Diagnostic::error("raised-by-template", format!("`adapter_macro` is gone, and package `{package}` calls it"))
            .hint(format!("write `{call}`")),
    ))
}

/// `validation.any[…]`: what old materializations gave `config.get` to check a setting with. It checks nothing.
#[derive(Debug)]
pub(super) struct Validation;

impl Object for Validation {
    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from_dyn_object(self.clone()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        Ok(Value::from_dyn_object(self.clone()))
    }
}
