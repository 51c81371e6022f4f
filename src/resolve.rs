//! From what templates name to nodes: `ref('orders')`, `source('shop', 'orders')`.

use std::collections::HashMap;

use crate::node::{Detail, Node, Ref};

/// Finds nodes by the names that templates use. Positions are those of the nodes it was built from.
#[derive(Debug, Default)]
pub struct Resolver {
    refs: HashMap<String, Vec<usize>>,
    packages: Vec<String>,
    versions: HashMap<usize, (String, String)>,
    sources: HashMap<(String, String), usize>,
    root: String,
}

impl Resolver {
    /// Indexes these nodes; `root` is the name of the project that is being run.
    pub fn new(nodes: &[Node], root: &str) -> Self {
        let mut resolver = Self { root: root.to_owned(), ..Self::default() };
        for (index, node) in nodes.iter().enumerate() {
            resolver.packages.push(node.package.to_string());
            if node.resource_type.is_refable() {
                resolver.refs.entry(node.name.clone()).or_default().push(index);
            }
            match &node.detail {
                Detail::Source(s) => drop(resolver.sources.insert((s.source_name.clone(), node.name.clone()), index)),
                Detail::Version { version, latest } => {
                    resolver.versions.insert(index, (version.clone(), latest.clone()));
                }
                _ => {}
            }
        }
        resolver
    }

    /// The node that a `ref` in a file of `package` means: one of that package, of the root project, of any.
    pub fn find_ref(&self, wanted: &Ref, package: &str) -> Option<usize> {
        let named: Vec<usize> =
            self.refs.get(&wanted.name)?.iter().copied().filter(|i| self.version_matches(*i, wanted)).collect();
        let of = |p: &str| named.iter().copied().find(|i| self.packages[*i] == p);
        match &wanted.package {
            Some(p) => of(p),
            None => of(package).or_else(|| of(&self.root)).or_else(|| named.first().copied()),
        }
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

    /// The source table of this name.
    pub fn find_source(&self, source: &str, table: &str) -> Option<usize> {
        self.sources.get(&(source.to_owned(), table.to_owned())).copied()
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
