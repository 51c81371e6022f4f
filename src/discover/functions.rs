//! Functions of the warehouse: what they take and give, and who calls them.

use serde_json::{Value as Json, json};

use crate::config::properties::Patch;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::{Detail, Function, Node, ResourceType};
use crate::resolve::Resolver;

/// Adds to a function what its properties say of arguments and result.
pub(super) fn describe(node: &mut Node, patch: Option<&Patch>) {
    let part = |of: &Json, key: &str| of.get(key).cloned().unwrap_or_default();
    let arguments = patch.and_then(|patch| patch.arguments.as_ref()).and_then(Json::as_array);
    let argument = |written: &Json| {
        json!({
            "name": part(written, "name"), "data_type": part(written, "data_type"),
            "description": part(written, "description"), "default_value": part(written, "default_value"),
        })
    };
    let returns = patch.and_then(|patch| patch.returns.as_ref());
    node.detail = Detail::Function(Box::new(Function {
        arguments: arguments.into_iter().flatten().map(argument).collect(),
        returns: returns
            .map(
                |written| json!({"data_type": part(written, "data_type"), "description": part(written, "description")}),
            )
            .unwrap_or_default(),
    }));
}

/// What a function lacks, or says that it can't.
pub(super) fn check(node: &Node) -> Option<Diagnostic> {
    let Detail::Function(function) = &node.detail else { return None };
    if !node.config.enabled() {
        return None;
    }
    let bad = |message: String| {
        let place = node.patch_span.or_else(|| node.start());
        Some(Diagnostic::error("bad-function", format!("{}: {message}", node.label())).at(place, ""))
    };
    let text = |of: &Json, key: &str| of.get(key).and_then(Json::as_str).map(str::to_owned);
    if text(&function.returns, "data_type").is_none() {
        return Some(bad("nothing says which type it gives".to_owned())?.hint(format!(
            "describe it: `functions: [{{name: {}, arguments: […], returns: {{data_type: integer}}}}]`",
            node.name
        )));
    }
    let mut defaulted = None;
    for argument in &function.arguments {
        let (Some(name), Some(_)) = (text(argument, "name"), text(argument, "data_type")) else {
            return Some(
                bad("an argument has no name or no type".to_owned())?.hint("write `{name: x, data_type: integer}`"),
            );
        };
        match (argument.get("default_value").is_some_and(|value| !value.is_null()), &defaulted) {
            (true, _) => defaulted = Some(name),
            (false, Some(earlier)) => {
                let message = format!("the argument `{name}` has no default, and `{earlier}` before it has one");
                return Some(bad(message)?.hint("arguments with a default come last"));
            }
            (false, None) => {}
        }
    }
    let kinds = ["scalar", "aggregate", "table"];
    let kind = node.config.get("type").filter(|kind| !kind.as_str().is_some_and(|kind| kinds.contains(&kind)))?;
    Some(bad(format!("there are no functions of the type {kind}"))?.hint(format!("types are {}", kinds.join(", "))))
}

/// The error for a call of a function that there is not.
pub(super) fn missing(node: &Node, names: &[String], disabled: &[Node], resolver: &Resolver) -> Diagnostic {
    let name = names.last().map(String::as_str).unwrap_or_default();
    let span = node.reference_span(name);
    let is_off = |n: &&Node| n.resource_type == ResourceType::Function && n.name == name;
    if let Some(off) = disabled.iter().find(is_off) {
        let message = format!("{} calls the function `{name}`, which is disabled", node.label());
        return Diagnostic::error("disabled-ref", message)
            .at(span, "called here")
            .note(format!("`enabled: false` is set for {}", off.file))
            .hint("enable it, or disable what calls it too");
    }
    let package = names.iter().rev().nth(1).map(|p| format!(" in package `{p}`")).unwrap_or_default();
    Diagnostic::error("unknown-function", format!("there is no function `{name}`{package}"))
        .at(span, format!("called by {}", node.label()))
        .hint(format!("write it into functions/{name}.sql; what the warehouse has by itself needs no `function`"))
        .maybe_hint(did_you_mean(name, resolver.function_names()))
}
