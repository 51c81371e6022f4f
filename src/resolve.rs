//! From what templates name to nodes: `ref('orders')`, `source('shop', 'orders')`.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::config::project::ProjectSettings;
use crate::node::{Detail, Node, Ref};

/// Finds nodes by the names that templates use. Positions are those of the nodes it was built from.
#[derive(Debug, Default)]
pub struct Resolver {
    refs: HashMap<String, Vec<usize>>,
    packages: Vec<String>,
    versions: HashMap<usize, (String, String)>,
    sources: HashMap<(String, String), Vec<usize>>,
    functions: HashMap<String, Vec<usize>>,
    root: String,
    package_first: bool,
}

impl Resolver {
    /// Indexes these nodes for the project that is being run.
    pub fn new(nodes: &[Node], project: &ProjectSettings) -> Self {
        let package_first = project.flags.get("require_ref_searches_node_package_before_root").and_then(Json::as_bool);
        let package_first = package_first.unwrap_or(false);
        let mut resolver = Self { root: project.name.clone(), package_first, ..Self::default() };
        for (index, node) in nodes.iter().enumerate() {
            resolver.packages.push(node.package.to_string());
            if node.resource_type.is_refable() {
                resolver.refs.entry(node.name.clone()).or_default().push(index);
            }
            match &node.detail {
                Detail::Source(s) => {
                    resolver.sources.entry((s.source_name.clone(), node.name.clone())).or_default().push(index);
                }
                Detail::Function(_) => resolver.functions.entry(node.name.clone()).or_default().push(index),
                Detail::Version { version, latest } => {
                    resolver.versions.insert(index, (version.clone(), latest.clone()));
                }
                _ => {}
            }
        }
        resolver
    }

    /// The node that a `ref` in a file of `package` means.
    pub fn find_ref(&self, wanted: &Ref, package: &str) -> Option<usize> {
        let named: Vec<usize> =
            self.refs.get(&wanted.name)?.iter().copied().filter(|i| self.version_matches(*i, wanted)).collect();
        match &wanted.package {
            Some(p) => named.into_iter().find(|i| self.packages[*i] == *p),
            None => self.nearest(&named, package),
        }
    }

    /// Of nodes of one name the one of the root project, else of the package that asks, else of any; the first two the
    /// other way round where `require_ref_searches_node_package_before_root` is set.
    fn nearest(&self, named: &[usize], package: &str) -> Option<usize> {
        let of = |p: &str| named.iter().copied().find(|i| self.packages[*i] == p);
        let order = if self.package_first { [package, &self.root] } else { [&self.root, package] };
        order.into_iter().find_map(of).or_else(|| named.first().copied())
    }

    fn version_matches(&self, index: usize, wanted: &Ref) -> bool {
        match (self.versions.get(&index), &wanted.version) {
            (None, version) => version.is_none(),
            (Some((version, _)), Some(asked)) => version == asked,
            (Some((version, latest)), None) => version == latest,
        }
    }

    /// Whether any node belongs to this package.
    pub fn has_package(&self, package: &str) -> bool {
        self.packages.iter().any(|p| p == package)
    }

    /// The source table that a `source` in a file of `package` means.
    pub fn find_source(&self, source: &str, table: &str, package: &str) -> Option<usize> {
        self.nearest(self.sources.get(&(source.to_owned(), table.to_owned()))?, package)
    }

    /// The function that `function(name)` or `function(package, name)` in a file of `package` means.
    pub fn find_function(&self, names: &[String], package: &str) -> Option<usize> {
        match names {
            [name] => self.nearest(self.functions.get(name)?, package),
            [wanted, name] => self.functions.get(name)?.iter().copied().find(|i| self.packages[*i] == *wanted),
            _ => None,
        }
    }

    /// The names of functions, for "did you mean".
    pub fn function_names(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }

    /// The names that can be referred to, for "did you mean".
    pub fn ref_names(&self) -> impl Iterator<Item = &str> {
        self.refs.keys().map(String::as_str)
    }

    /// The source tables there are, as `source.table`.
    pub fn source_names(&self) -> impl Iterator<Item = String> + '_ {
        self.sources.keys().map(|(s, t)| format!("{s}.{t}"))
    }
}
