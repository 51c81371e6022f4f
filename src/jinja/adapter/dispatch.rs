//! `adapter.dispatch`: which macro an engine gets.

use std::sync::Arc;

use minijinja::{Error, Value};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::scope::Scope;

/// `adapter.dispatch('name', 'package')`: the macro for this engine, or the default
/// (`docs.getdbt.com/reference/dbt-jinja-functions/dispatch`).
pub(super) fn dispatch(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the macro")?;
    let namespace = args::option(rest, 0, "macro_namespace").and_then(|v| v.as_str().map(str::to_owned));
    let macros = &scope.shared.macros;
    let packages: Vec<Option<&str>> = match &namespace {
        // A namespace that is no package says nothing.
        Some(space) if scope.shared.is_namespace(space) => {
            scope.shared.dispatch_order(space).into_iter().map(Some).collect()
        }
        _ => vec![None],
    };
    let kind = scope.shared.target.kind.as_str();
    let mut tried = Vec::new();
    for package in &packages {
        for prefix in [kind, "default"] {
            let wanted = format!("{prefix}__{name}");
            let found = match package {
                Some(package) => macros.in_package(package, &wanted),
                None => macros.find(&scope.package, &wanted),
            };
            if let Some(info) = found {
                scope.said().macros.insert(info.unique_id.clone());
                return Ok(macros.value(info));
            }
            let looked = match package {
                Some(package) => format!("`{package}.{wanted}`"),
                None => format!("`{wanted}`"),
            };
            if !tried.contains(&looked) {
                tried.push(looked);
            }
        }
    }
    Err(problem(
        Diagnostic::error("unknown-macro", format!("no macro `{name}` was found to dispatch to"))
            .note(format!("looked for {}", tried.join(", ")))
            .hint(format!("define `{kind}__{name}` or `default__{name}`"))
            .maybe_hint(did_you_mean(&name, macros.names().filter_map(|n| n.strip_prefix("default__")))),
    ))
}

/// Strategies that have a macro and that not every engine has.
const FOREIGN_STRATEGIES: [&str; 3] = ["delete+insert", "merge", "insert_overwrite"];

/// `adapter.get_incremental_strategy_macro(context, name)`: the macro that writes the SQL of a strategy.
pub(super) fn incremental_strategy(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (_, rest) = args::first(args, "the context")?;
    let (name, _) = args::first_text(rest, "the name of the strategy")?;
    let wanted = format!("get_incremental_{}_sql", name.replace('+', "_"));
    let foreign = FOREIGN_STRATEGIES.contains(&name.as_str()) && !scope.shared.has_strategy(&name);
    if let Some(info) = scope.find_macro(&wanted).filter(|_| !foreign) {
        return Ok(scope.shared.macros.value(info));
    }
    Err(problem(
        Diagnostic::error("bad-incremental-strategy", format!("there is no incremental strategy `{name}`"))
            .hint(format!("it would be the macro `{wanted}`")),
    ))
}
