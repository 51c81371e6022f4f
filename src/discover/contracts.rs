//! Contracts and constraints, as far as they can be wrong before anything runs; what foreign keys refer to.

use std::sync::Arc;

use minijinja::Value;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::discover::Inputs;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::node::{Node, ResourceType};

const KINDS: [&str; 6] = ["check", "not_null", "unique", "primary_key", "foreign_key", "custom"];

/// Adds what foreign keys refer to to what the node refers to.
pub(super) fn references(inputs: &Inputs<'_>, node: &mut Node, diagnostics: &mut Vec<Diagnostic>) {
    let columns = node.columns.values().flat_map(|column| &column.constraints);
    let targets: Vec<String> = node.constraints.iter().chain(columns).filter_map(foreign_target).collect();
    if targets.is_empty() {
        return;
    }
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::None));
    let engine = inputs.shared.macros.engine();
    for target in targets {
        let before = named(&scope);
        let result = engine.eval_expression(&target, Value::from_dyn_object(scope.clone()));
        let problem = match result {
            Err(error) => diagnose(&error, None, &inputs.shared.macros),
            Ok(_) if named(&scope) != before => continue,
            Ok(_) => Diagnostic::error("bad-constraint", format!("`{target}` is neither a ref nor a source")),
        };
        let hint = "a foreign key refers to a text such as `ref('orders')` or `source('shop', 'orders')`";
        diagnostics.push(problem.at(node.patch_span, format!("in a foreign key of {}", node.label())).hint(hint));
    }
    let said = std::mem::take(&mut *scope.said());
    node.refs.extend(said.refs);
    node.sources.extend(said.sources);
}

/// How many nodes were named so far.
fn named(scope: &Scope) -> usize {
    let said = scope.said();
    said.refs.len() + said.sources.len()
}

/// What a foreign key refers to: `ref('orders')`.
fn foreign_target(constraint: &Json) -> Option<String> {
    let text = |key: &str| constraint.get(key).and_then(Json::as_str);
    text("to").filter(|_| text("type") == Some("foreign_key")).map(str::to_owned)
}

/// What is wrong with the contract and the constraints of a node.
pub(super) fn check(node: &Node) -> Vec<Diagnostic> {
    if node.resource_type != ResourceType::Model {
        return Vec::new();
    }
    let mut found = Vec::new();
    if node.has_contract() {
        found.extend(contract(node));
    }
    let columns = node.columns.values().flat_map(|column| &column.constraints);
    let own = node.constraints.iter();
    found.extend(columns.chain(own).filter_map(|constraint| kind(node, constraint)));
    found.extend(primary_key(node));
    found
}

fn contract(node: &Node) -> Option<Diagnostic> {
    if node.columns.is_empty() {
        let message = format!("the contract of {} is enforced, and no columns are declared", node.label());
        return Some(
            Diagnostic::error("incomplete-contract", message)
                .at(node.config_span("contract").or(node.patch_span), "")
                .at(node.start().filter(|_| node.patch_span.is_none()), "")
                .hint("list the columns in a properties file, each with its `data_type`"),
        );
    }
    let on_change = node.config.str("on_schema_change").unwrap_or("ignore");
    if node.materialized() != "incremental" || matches!(on_change, "append_new_columns" | "fail") {
        return None;
    }
    let message =
        format!("{}: an incremental model with a contract can't have `on_schema_change: {on_change}`", node.label());
    Some(
        Diagnostic::error("bad-on-schema-change", message)
            .at(node.config_span("on_schema_change").or(node.patch_span), "")
            .hint("set it to `append_new_columns` or to `fail`: the table has to keep what the contract says"),
    )
}

/// A constraint of a type that there is not.
fn kind(node: &Node, constraint: &Json) -> Option<Diagnostic> {
    let kind = constraint.get("type").and_then(Json::as_str).unwrap_or_default();
    if KINDS.contains(&kind) {
        return None;
    }
    let message = match kind {
        "" => format!("a constraint of {} has no `type`", node.label()),
        _ => format!("{} has a constraint of the type `{kind}`, which there is not", node.label()),
    };
    let all = format!("types are {}", KINDS.join(", "));
    let hint = did_you_mean(kind, KINDS).unwrap_or(all);
    Some(Diagnostic::error("bad-constraint", message).at(node.patch_span, "").hint(hint))
}

/// More than one primary key.
fn primary_key(node: &Node) -> Option<Diagnostic> {
    let is_key = |constraint: &&Json| constraint.get("type").and_then(Json::as_str) == Some("primary_key");
    let columns = node.columns.values().filter(|column| column.constraints.iter().any(|c| is_key(&c)));
    let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    let message = match (columns.len(), node.constraints.iter().any(|c| is_key(&c))) {
        (0, _) | (1, false) => return None,
        (1.., true) => format!("{} has a primary key of its own and one of column {}", node.label(), columns[0]),
        _ => format!("{} has several primary keys: {}", node.label(), columns.join(", ")),
    };
    Some(
        Diagnostic::error("bad-constraint", message)
            .at(node.patch_span, "")
            .hint("a key of several columns is one constraint of the model: `{type: primary_key, columns: [a, b]}`"),
    )
}
