//! `adapter.dispatch`: which macro an engine gets.

use std::sync::Arc;

use minijinja::{Error, Value};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::macros::BUILTIN_PACKAGE;
use crate::jinja::scope::Scope;

/// `adapter.dispatch('name', 'package')`: the macro for this engine, or the default
/// (`docs.getdbt.com/reference/dbt-jinja-functions/dispatch`).
pub(super) fn dispatch(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the macro")?;
    let namespace = args::option(rest, 0, "macro_namespace").and_then(|v| v.as_str().map(str::to_owned));
    let macros = &scope.shared.macros;
    let packages: Vec<String> = match &namespace {
        Some(space) => match scope.shared.settings.dispatch.get(space) {
            Some(order) => order.clone(),
            None => vec![scope.shared.settings.name.clone(), space.clone()],
        },
        None => vec![scope.package.to_string(), scope.shared.settings.name.clone(), BUILTIN_PACKAGE.to_owned()],
    };
    let kind = scope.shared.target.kind.as_str();
    let mut tried = Vec::new();
    for package in &packages {
        for prefix in [kind, "default"] {
            let wanted = format!("{prefix}__{name}");
            if let Some(info) = macros.in_package(package, &wanted) {
                scope.said().macros.insert(info.unique_id.clone());
                return Ok(macros.value(info));
            }
            let looked = format!("`{package}.{wanted}`");
            if !tried.contains(&looked) {
                tried.push(looked);
            }
        }
    }
    Err(problem(
        Diagnostic::error("unknown-macro", format!("no macro `{name}` was found to dispatch to"))
            .note(format!("looked for {}", tried.join(", ")))
            .hint(format!("define `{kind}__{name}` or `default__{name}`"))
            .maybe_hint(did_you_mean(&format!("default__{name}"), macros.names())),
    ))
}
