//! Groups, and who may read what: `access` of models.

use std::collections::HashMap;

use crate::config::properties::GroupDecl;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::discover::{Inputs, PropertiesFile, describe};
use crate::node::{Node, ResourceType};
use crate::report::artifacts::GroupInfo;
use crate::source::Span;

const ACCESS: [&str; 3] = ["private", "protected", "public"];

/// The groups that properties files declare.
pub(super) fn groups(
    inputs: &Inputs<'_>,
    properties: &[PropertiesFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<GroupInfo> {
    let mut found = Vec::new();
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for file in properties {
        for decl in &file.properties.groups {
            if let Some(first) = seen.insert(&decl.name, decl.span) {
                let message = format!("the group `{}` is declared twice", decl.name);
                let twice = Diagnostic::error("duplicate-group", message).at(decl.span, "again here");
                diagnostics.push(twice.at(first, "first here").hint("keep one of the two"));
            }
            found.push(group(inputs, file, decl, diagnostics));
        }
    }
    found
}

fn group(inputs: &Inputs<'_>, file: &PropertiesFile, decl: &GroupDecl, diagnostics: &mut Vec<Diagnostic>) -> GroupInfo {
    let description = decl.description.as_ref();
    GroupInfo {
        name: decl.name.clone(),
        package: inputs.package.to_string(),
        path: file.file.path.clone(),
        original_file_path: file.file.file.clone(),
        owner: decl.owner.clone(),
        description: description.map(|text| describe::text(inputs, text, Some(decl.span), diagnostics)),
        meta: decl.config.get("meta").and_then(|meta| meta.as_object().cloned()).unwrap_or_default(),
    }
}

/// What is wrong with groups and access of these nodes, once they are linked.
///
/// Of the `restricted` packages others may read public models only.
pub(super) fn check(nodes: &[Node], groups: &[GroupInfo], restricted: &[&str]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = nodes.iter().filter_map(|node| settings(node, groups)).collect();
    let private: HashMap<&str, &Node> =
        nodes.iter().filter(|n| access(n) == "private").map(|n| (n.unique_id.as_str(), n)).collect();
    if !restricted.is_empty() {
        diagnostics.extend(across_packages(nodes, restricted));
    }
    if private.is_empty() {
        return diagnostics;
    }
    let by_id: HashMap<&str, &Node> = nodes.iter().map(|n| (n.unique_id.as_str(), n)).collect();
    for node in nodes {
        let read = node.depends_on.iter().filter_map(|id| private.get(id.as_str()));
        let own = group_of(node, &by_id);
        let others = read.filter(|model| own.is_none() || own != model.config.str("group"));
        diagnostics.extend(others.map(|model| no_access(node, model)));
    }
    diagnostics
}

/// How far a model may be read.
fn access(node: &Node) -> &str {
    match node.resource_type {
        ResourceType::Model => node.config.str("access").unwrap_or("protected"),
        _ => "",
    }
}

/// The group that a node is of; a data test is of that of the node that it is declared on.
fn group_of<'a>(node: &'a Node, by_id: &HashMap<&str, &'a Node>) -> Option<&'a str> {
    match node.generic_test() {
        Some(test) => by_id.get(test.attached.as_deref()?)?.config.str("group"),
        None => node.config.str("group"),
    }
}

/// A group that is not declared, or an access that there is not.
fn settings(node: &Node, groups: &[GroupInfo]) -> Option<Diagnostic> {
    let place = |key: &str| node.setting_span(key);
    if let Some(name) = node.config.str("group").filter(|name| !groups.iter().any(|g| g.name == **name)) {
        let names = groups.iter().map(|group| group.name.as_str());
        return Some(
            Diagnostic::error(
                "unknown-group",
                format!("{} is of the group `{name}`, which is not declared", node.label()),
            )
            .at(place("group"), "")
            .hint(format!("declare it in a properties file: `groups: [{{name: {name}, owner: {{name: …}}}}]`"))
            .maybe_hint(did_you_mean(name, names)),
        );
    }
    let access = access(node);
    if !access.is_empty() && !ACCESS.contains(&access) {
        let message = format!("{}: `{access}` is no access", node.label());
        let all = format!("it is one of {}", ACCESS.join(", "));
        let hint = did_you_mean(access, ACCESS).unwrap_or(all);
        return Some(Diagnostic::error("bad-access", message).at(place("access"), "").hint(hint));
    }
    if access == "public" && node.is_ephemeral() {
        let message = format!("{} is public and ephemeral: others could not read it", node.label());
        let hint = "materialize it, or make it protected";
        return Some(Diagnostic::error("bad-access", message).at(place("access"), "").hint(hint));
    }
    None
}

/// What reads models of packages that only those themselves may read.
fn across_packages(nodes: &[Node], restricted: &[&str]) -> Vec<Diagnostic> {
    let is_closed = |n: &&Node| restricted.contains(&&*n.package) && n.resource_type == ResourceType::Model;
    let closed = nodes.iter().filter(is_closed).filter(|n| access(n) != "public");
    let closed: HashMap<&str, &Node> = closed.map(|n| (n.unique_id.as_str(), n)).collect();
    let read = |node: &Node| {
        let models: Vec<&Node> = node.depends_on.iter().filter_map(|id| closed.get(id.as_str()).copied()).collect();
        models.into_iter().filter(|model| model.package != node.package).collect::<Vec<_>>()
    };
    let found = nodes.iter().flat_map(|node| read(node).into_iter().map(move |model| (node, model)));
    found.map(|(node, model)| not_public(node, model)).collect()
}

fn not_public(node: &Node, model: &Node) -> Diagnostic {
    let (name, package) = (&model.name, &*model.package);
    let message = format!("{} reads `{name}`, which is {} to the package `{package}`", node.label(), access(model));
    Diagnostic::error("private-ref", message)
        .at(node.reference_span(name), "read here")
        .hint(format!("`{package}` has `restrict-access: true`: only its models with `access: public` may be read"))
}

fn no_access(node: &Node, model: &Node) -> Diagnostic {
    let group = model.config.str("group").unwrap_or_default();
    let message = format!("{} reads `{}`, which is private to the group `{group}`", node.label(), model.name);
    Diagnostic::error("private-ref", message)
        .at(node.reference_span(&model.name), "read here")
        .at(model.patch_span, "private by what is said here")
        .hint(format!("put the reader into the group `{group}`, or make `{}` protected or public", model.name))
}
