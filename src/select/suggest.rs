//! What might have been meant by a criterion that matches nothing.

use super::glob::has_wildcard;
use super::methods::{Scope, files};
use super::spec::{Criterion, Method};
use crate::diagnostic::did_you_mean;
use crate::node::{Node, ResourceType};

/// A hint for a criterion that matches nothing.
pub(super) fn hint(scope: &Scope<'_>, criterion: &Criterion) -> Option<String> {
    let value = criterion.text();
    if value.is_empty() {
        return Some("there is nothing to look for: is there a comma or an operator too many?".to_owned());
    }
    let elsewhere = (criterion.method == Method::Fqn).then(|| elsewhere(scope, &value)).flatten();
    if elsewhere.is_some() || has_wildcard(&value) {
        return elsewhere;
    }
    let names = names(scope, criterion.method);
    did_you_mean(&value, names.iter().map(String::as_str))
}

/// The method that would match a bare name.
fn elsewhere(scope: &Scope<'_>, value: &str) -> Option<String> {
    let nodes = scope.graph.nodes();
    if let Some(method) = nodes.iter().find_map(|n| method_for(n, value)) {
        return Some(format!("did you mean `{method}:{value}`?"));
    }
    let path = nodes.iter().flat_map(files).find(|f| ends_in(f, value))?;
    Some(format!("did you mean `path:{path}`?"))
}

/// The method by which a node matches this value.
fn method_for(node: &Node, value: &str) -> Option<&'static str> {
    let source = node.source_table().is_some_and(|s| s.source_name == value || node.display_name() == value);
    let tests = [
        ("source", source),
        ("tag", node.tags.iter().any(|t| t == value)),
        ("group", node.config.str("group") == Some(value)),
        ("test_name", node.generic_test().is_some_and(|t| t.name == value)),
    ];
    tests.iter().find(|(_, matches)| *matches).map(|(method, _)| *method)
}

fn ends_in(file: &str, name: &str) -> bool {
    name.contains('.') && file.rsplit('/').next() == Some(name)
}

/// What a value of this method could have been.
fn names(scope: &Scope<'_>, method: Method) -> Vec<String> {
    let nodes = scope.graph.nodes();
    let mut names: Vec<String> = match method {
        Method::Fqn => nodes.iter().filter(|n| is_named(n)).flat_map(fqn_names).collect(),
        Method::Tag => nodes.iter().flat_map(|n| n.tags.clone()).collect(),
        Method::Group => nodes.iter().filter_map(|n| n.config.str("group").map(str::to_owned)).collect(),
        Method::Source => nodes.iter().filter(|n| n.source_table().is_some()).flat_map(source_names).collect(),
        Method::Exposure => of_type(nodes, ResourceType::Exposure),
        Method::Metric => of_type(nodes, ResourceType::Metric),
        Method::SemanticModel => of_type(nodes, ResourceType::SemanticModel),
        Method::SavedQuery => of_type(nodes, ResourceType::SavedQuery),
        Method::Path => scope.paths().iter().map(|(path, _)| (*path).to_owned()).collect(),
        Method::File => nodes.iter().flat_map(file_names).collect(),
        Method::Package => nodes.iter().map(|n| n.package.to_string()).collect(),
        Method::TestName => nodes.iter().filter_map(|n| n.generic_test().map(|t| t.name.clone())).collect(),
        Method::Access => ["public", "protected", "private"].map(str::to_owned).to_vec(),
        _ => Vec::new(),
    };
    names.sort_unstable();
    names.dedup();
    names
}

/// Generic tests have long names that nobody types.
fn is_named(node: &Node) -> bool {
    node.resource_type != ResourceType::Source && node.generic_test().is_none()
}

fn fqn_names(node: &Node) -> Vec<String> {
    let full = node.fqn.join(".");
    let short = node.fqn.get(1..).unwrap_or_default().join(".");
    let folder = node.fqn.get(1).cloned().unwrap_or_default();
    vec![node.name.clone(), full, short, folder]
}

fn source_names(node: &Node) -> Vec<String> {
    let source = node.source_table().map(|s| s.source_name.clone()).unwrap_or_default();
    vec![source, node.display_name()]
}

fn file_names(node: &Node) -> Vec<String> {
    let name = node.file.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    vec![name.to_owned(), stem.to_owned()]
}

fn of_type(nodes: &[Node], kind: ResourceType) -> Vec<String> {
    nodes.iter().filter(|n| n.resource_type == kind).map(|n| n.name.clone()).collect()
}
