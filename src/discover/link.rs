//! From names to nodes: what each node depends on.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::discover::{functions, semantic};
use crate::jinja::shared::Shared;
use crate::node::{Node, Ref, ResourceType};
use crate::resolve::Resolver;

/// Fills in `depends_on`. Returns the ids of data tests that test something which does not take part, and what names
/// nothing.
pub(crate) fn link(nodes: &mut [Node], disabled: &[Node], shared: &Arc<Shared>) -> (Vec<String>, Vec<Diagnostic>) {
    let resolver = Resolver::new(nodes, &shared.settings);
    let ids: Vec<String> = nodes.iter().map(|n| n.unique_id.clone()).collect();
    let mut unlinked = Vec::new();
    let mut diagnostics = Vec::new();
    for node in nodes.iter_mut() {
        let mut found: Vec<String> = Vec::new();
        let mut missing = Vec::new();
        for (source, table) in &node.sources {
            match resolver.find_source(source, table, &node.package) {
                Some(index) => push(&mut found, &ids[index]),
                None => missing.push(missing_source(node, source, table, disabled, &resolver)),
            }
        }
        for wanted in &node.refs {
            match resolver.find_ref(wanted, &node.package) {
                Some(index) => push(&mut found, &ids[index]),
                None => missing.push(missing_ref(node, wanted, disabled, &resolver)),
            }
        }
        for names in &node.functions {
            match resolver.find_function(names, &node.package) {
                Some(index) => push(&mut found, &ids[index]),
                None => missing.push(functions::missing(node, names, disabled, &resolver)),
            }
        }
        node.depends_on = found;
        if missing.is_empty() {
            continue;
        }
        if node.resource_type == ResourceType::Test {
            unlinked.push(node.unique_id.clone());
            // A test of a missing node was reported where the node is described.
            let attached = node.generic_test().is_none_or(|t| t.attached.is_some()) || !node.sources.is_empty();
            diagnostics.extend(
                missing
                    .into_iter()
                    .filter(|d| attached && d.code != "disabled-ref")
                    .map(|d| Diagnostic { severity: Severity::Warning, ..d.note("the data test is left out") }),
            );
            continue;
        }
        diagnostics.extend(missing);
    }
    semantic::link::link(nodes, &mut diagnostics);
    if !diagnostics.iter().any(|d| d.is_error() && ["bad-semantics", "unknown-metric"].contains(&d.code)) {
        diagnostics.extend(semantic::check::check(nodes));
    }
    (unlinked, diagnostics)
}

fn push(found: &mut Vec<String>, id: &str) {
    if !found.iter().any(|f| f == id) {
        found.push(id.to_owned());
    }
}

fn missing_ref(node: &Node, wanted: &Ref, disabled: &[Node], resolver: &Resolver) -> Diagnostic {
    let span = node.reference_span(&wanted.name);
    if let Some(off) = disabled.iter().find(|n| n.resource_type.is_refable() && n.name == wanted.name) {
        return Diagnostic::error(
            "disabled-ref",
            format!("{} reads `{}`, which is disabled", node.label(), wanted.name),
        )
        .at(span, "read here")
        .note(format!("`enabled: false` is set for {}", off.file))
        .hint("enable it, or disable what reads it too");
    }
    if let Some(package) = wanted.package.as_deref().filter(|p| !resolver.has_package(p)) {
        return Diagnostic::error("unknown-ref", format!("there is no package `{package}`"))
            .at(node.reference_span(package), format!("read by {}", node.label()))
            .hint(format!("a node of this project needs no package: `ref('{}')`", wanted.name));
    }
    let package = wanted.package.as_deref().map(|p| format!(" in package `{p}`")).unwrap_or_default();
    if let (Some(version), Some(_)) = (&wanted.version, resolver.ref_names().find(|n| **n == *wanted.name)) {
        return Diagnostic::error("unknown-ref", format!("`{}` has no version {version}", wanted.name))
            .at(span, format!("read by {}", node.label()))
            .hint(format!("`ref('{}')` reads the version that there is", wanted.name));
    }
    let version = wanted.version.as_deref().map(|v| format!(" in version {v}")).unwrap_or_default();
    Diagnostic::error("unknown-ref", format!("there is no model, seed or snapshot `{}`{package}{version}", wanted.name))
        .at(span, format!("read by {}", node.label()))
        .hint("a table that karat does not build is a source: declare it in a properties file and write `{{ source('…', '…') }}`")
        .maybe_hint(did_you_mean(&wanted.name, resolver.ref_names()))
}

fn missing_source(node: &Node, source: &str, table: &str, disabled: &[Node], resolver: &Resolver) -> Diagnostic {
    let wanted = format!("{source}.{table}");
    let span = node.reference_span(table);
    if disabled.iter().any(|n| n.resource_type == ResourceType::Source && n.display_name() == wanted) {
        return Diagnostic::error(
            "disabled-ref",
            format!("{} reads the source table `{wanted}`, which is disabled", node.label()),
        )
        .at(span, "read here")
        .hint("enable it, or disable what reads it too");
    }
    let names: Vec<String> = resolver.source_names().collect();
    Diagnostic::error("unknown-source", format!("there is no source table `{wanted}`"))
        .at(span, format!("read by {}", node.label()))
        .hint(format!("declare it in a properties file: `sources: [{{name: {source}, tables: [{{name: {table}}}]}}]`"))
        .maybe_hint(did_you_mean(&wanted, names.iter().map(String::as_str)))
}
