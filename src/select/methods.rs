//! What each selection method matches.

use std::cell::OnceCell;
use std::collections::HashSet;

use serde_json::Value as Json;

use super::config;
use super::fqn::{FqnPattern, Names};
use super::glob::{Glob, PathGlob};
use super::set::NodeSet;
use super::spec::{Criterion, Method};
use super::state::{self, PreviousState};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::graph::Graph;
use crate::node::{Detail, Node, ResourceType};

/// What criteria are looked up in.
pub(super) struct Scope<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// The name of the project at the root; empty where it isn't known.
    pub project: &'a str,
    /// What an earlier invocation left.
    pub state: Option<&'a PreviousState>,
    paths: OnceCell<HashSet<(&'a str, bool)>>,
    names: OnceCell<Names>,
}

impl<'a> Scope<'a> {
    /// A scope of all nodes of a graph.
    pub(super) fn new(graph: &'a Graph, project: &'a str, state: Option<&'a PreviousState>) -> Self {
        Self { graph, project, state, paths: OnceCell::new(), names: OnceCell::new() }
    }

    /// The files of the project at the root, and the folders that they are in (true).
    pub(super) fn paths(&self) -> &HashSet<(&'a str, bool)> {
        self.paths.get_or_init(|| {
            let mut paths = HashSet::new();
            let own = |n: &&Node| self.project.is_empty() || &*n.package == self.project;
            for file in self.graph.nodes().iter().filter(own).flat_map(files) {
                if paths.insert((file, false)) {
                    paths.extend(folders(file).map(|folder| (folder, true)));
                }
            }
            paths
        })
    }
}

/// The file of a node and the properties file that describes it.
pub(super) fn files(node: &Node) -> impl Iterator<Item = &str> {
    let files = std::iter::once(node.file.as_str()).chain(node.patch_file.as_deref());
    files.map(|file| file.strip_prefix("./").unwrap_or(file))
}

/// The folders that a file is in, the project itself ("") included.
fn folders(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(at, _)| &file[..at]).chain(std::iter::once(""))
}

/// Says of a node whether it matches.
pub(super) type Matcher<'a> = Box<dyn Fn(&Node) -> bool + 'a>;
pub(super) type Found<'a> = Result<Matcher<'a>, Box<Diagnostic>>;

/// The nodes among `members` that a criterion itself matches, without relatives.
///
/// # Errors
/// A diagnostic where the method can't take this value.
pub(super) fn matched(scope: &Scope<'_>, criterion: &Criterion, members: &NodeSet) -> Result<NodeSet, Box<Diagnostic>> {
    let matcher = matcher(scope, criterion)?;
    let mut set = members.empty_like();
    if let Some(keys) = (criterion.method == Method::Fqn).then(|| FqnPattern::new(&criterion.text()).keys()).flatten() {
        let names = scope.names.get_or_init(|| Names::new(scope.graph.nodes()));
        let possible = names.under(&keys).filter(|i| members.contains(*i) && matcher(scope.graph.node(*i)));
        possible.for_each(|index| _ = set.insert(index));
        return Ok(set);
    }
    for (index, node) in scope.graph.nodes().iter().enumerate() {
        if members.contains(index) && matcher(node) {
            set.insert(index);
        }
    }
    Ok(set)
}

fn matcher<'a>(scope: &'a Scope<'_>, criterion: &'a Criterion) -> Found<'a> {
    let value = criterion.text();
    let glob = Glob::new(&value);
    Ok(match criterion.method {
        Method::Fqn => fqn(&value),
        Method::Tag => Box::new(move |n| n.tags.iter().any(|t| glob.matches(t))),
        Method::Group => Box::new(move |n| has_group(n) && n.config.str("group").is_some_and(|g| glob.matches(g))),
        Method::Access => Box::new(move |n| access(n).is_some_and(|a| a == value)),
        Method::Source => return source(&value),
        Method::Exposure => return named(ResourceType::Exposure, &value),
        Method::UnitTest => return named(ResourceType::UnitTest, &value),
        Method::Path => return path(scope, &value),
        Method::File => Box::new(move |n| file_matches(&glob, &n.file)),
        Method::Package => package(scope, &value),
        Method::Config => Box::new(|n| config_matches(criterion, n)),
        Method::TestName => Box::new(move |n| {
            n.generic_test().is_some_and(|t| glob.matches(&t.name)) || n.unit_test().is_some() && glob.matches(&n.name)
        }),
        Method::TestType => return test_type(&value),
        Method::ResourceType => return resource_type(&value),
        Method::Version => return version(&value),
        Method::State => return state::matcher(scope.state, &value),
        Method::Result => return state::result_matcher(scope.state, value),
        Method::SourceStatus => return state::source_matcher(scope.state, &value),
        Method::Metric => return named(ResourceType::Metric, &value),
        Method::SemanticModel => return named(ResourceType::SemanticModel, &value),
        Method::SavedQuery => return named(ResourceType::SavedQuery, &value),
    })
}

/// Whether `group:` can match a node.
fn has_group(node: &Node) -> bool {
    !node.resource_type.is_declared() && node.resource_type != ResourceType::UnitTest
        || node.resource_type == ResourceType::Metric
}

fn fqn<'a>(value: &str) -> Matcher<'a> {
    let pattern = FqnPattern::new(value);
    if Glob::new(value).is_star() {
        return Box::new(|n| n.resource_type != ResourceType::Source);
    }
    Box::new(move |n| n.resource_type != ResourceType::Source && pattern.matches(n))
}

fn access(node: &Node) -> Option<&str> {
    (node.resource_type == ResourceType::Model).then(|| node.config.str("access").unwrap_or("protected"))
}

fn source<'a>(value: &str) -> Found<'a> {
    let parts: Vec<&str> = value.split('.').collect();
    let (package, source, table) = match parts.as_slice() {
        [source] => ("*", *source, "*"),
        [source, table] => ("*", *source, *table),
        [package, source, table] => (*package, *source, *table),
        _ => return Err(bad_value("source", value, "write `source`, `source.table` or `package.source.table`")),
    };
    let (package, source, table) = (Glob::new(package), Glob::new(source), Glob::new(table));
    Ok(Box::new(move |n| {
        n.source_table()
            .is_some_and(|s| source.matches(&s.source_name) && table.matches(&n.name) && package.matches(&n.package))
    }))
}

/// `name` or `package.name` of a node that has a method to itself.
fn named<'a>(kind: ResourceType, value: &str) -> Found<'a> {
    let parts: Vec<&str> = value.split('.').collect();
    let (package, name) = match parts.as_slice() {
        [name] => (Glob::new("*"), Glob::new(name)),
        [package, name] => (Glob::new(package), Glob::new(name)),
        _ => return Err(bad_value(kind.as_str(), value, &format!("write `{kind}` or `package.{kind}`"))),
    };
    Ok(Box::new(move |n| n.resource_type == kind && name.matches(&n.name) && package.matches(&n.package)))
}

/// Paths are those of the project at the root; a node of a package matches where its path, in the package, is also a
/// path of the project, as in dbt.
fn path<'a>(scope: &Scope<'a>, value: &str) -> Found<'a> {
    if value.starts_with('/') {
        return Err(bad_value("path", value, "paths are relative to the project: `path:models/marts`"));
    }
    let glob = PathGlob::new(value);
    let matching = scope.paths().iter().filter(|(path, is_folder)| glob.matches(path, *is_folder));
    let found: HashSet<&str> = matching.map(|(path, _)| *path).collect();
    Ok(Box::new(move |n| {
        !found.is_empty() && (files(n).any(|f| found.contains(f)) || folders(&n.file).any(|f| found.contains(f)))
    }))
}

fn file_matches(glob: &Glob, file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map(|(stem, _)| stem).filter(|stem| !stem.is_empty());
    glob.matches(name) || stem.is_some_and(|s| glob.matches(s))
}

fn package<'a>(scope: &Scope<'_>, value: &str) -> Matcher<'a> {
    let this = value == "this" && !scope.project.is_empty();
    let glob = Glob::new(if this { scope.project } else { value });
    Box::new(move |n| glob.matches(&n.package))
}

fn config_matches(criterion: &Criterion, node: &Node) -> bool {
    let value = match node.resource_type {
        kind if kind.is_reader() || kind == ResourceType::UnitTest => None,
        _ => config::lookup(node, &criterion.arguments),
    };
    value.is_some_and(|v: Json| config::matches(&criterion.arguments, &criterion.value, &v))
}

fn test_type<'a>(value: &str) -> Found<'a> {
    let (generic, singular) = match value {
        "generic" | "schema" => (true, false),
        "singular" => (false, true),
        "data" => (true, true),
        "unit" => return Ok(Box::new(|n| n.unit_test().is_some())),
        _ => return Err(bad_choice("test_type", value, &["generic", "singular", "data", "unit"])),
    };
    Ok(Box::new(move |n| {
        n.resource_type == ResourceType::Test && if n.generic_test().is_some() { generic } else { singular }
    }))
}

/// Kinds that dbt knows and that never stand in this graph.
const OTHER_TYPES: [&str; 5] = ["rpc", "sql_operation", "doc", "macro", "group"];

fn resource_type<'a>(value: &str) -> Found<'a> {
    let known = ResourceType::ALL.iter().find(|t| t.as_str() == value).copied();
    if known.is_none() && !OTHER_TYPES.contains(&value) {
        return Err(bad_choice("resource_type", value, &ResourceType::ALL.map(ResourceType::as_str)));
    }
    Ok(Box::new(move |n| Some(n.resource_type) == known))
}

fn version<'a>(value: &str) -> Found<'a> {
    let is_model = |n: &Node| n.resource_type == ResourceType::Model;
    Ok(match value {
        "latest" => Box::new(|n| matches!(&n.detail, Detail::Version { version, latest } if version == latest)),
        "old" => Box::new(|n| version_order(n) == Some(std::cmp::Ordering::Less)),
        "prerelease" => Box::new(|n| version_order(n) == Some(std::cmp::Ordering::Greater)),
        "none" => Box::new(move |n| is_model(n) && !matches!(n.detail, Detail::Version { .. })),
        _ => return Err(bad_choice("version", value, &["latest", "old", "prerelease", "none"])),
    })
}

/// How a version stands to the latest: by number where both are numbers, else by text.
fn version_order(node: &Node) -> Option<std::cmp::Ordering> {
    let Detail::Version { version, latest } = &node.detail else { return None };
    match (version.parse::<f64>(), latest.parse::<f64>()) {
        (Ok(own), Ok(last)) => own.partial_cmp(&last),
        _ => Some(version.cmp(latest)),
    }
}

fn bad_value(method: &str, value: &str, hint: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("bad-selector", format!("`{method}:` can't take `{value}`")).hint(hint))
}

pub(super) fn bad_choice(method: &str, value: &str, choices: &[&str]) -> Box<Diagnostic> {
    let hint = did_you_mean(value, choices.iter().copied());
    bad_value(method, value, &hint.unwrap_or_else(|| format!("it takes {}", choices.join(", "))))
}
