//! Matching of qualified names: `orders`, `marts.core`, `shop.marts.*`.

use std::collections::HashMap;

use super::glob::{Glob, has_wildcard};
use crate::node::{Detail, Node};

/// A qualified name or a part of one, with or without wildcards.
pub(super) struct FqnPattern {
    text: String,
    parts: Vec<String>,
    /// The position of the first part with a wildcard, and all from there on as one pattern.
    wild: Option<(usize, Glob)>,
}

impl FqnPattern {
    /// Reads a pattern.
    pub(super) fn new(text: &str) -> Self {
        let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        let first = parts.iter().position(|p| has_wildcard(p));
        let wild = first.map(|at| (at, Glob::new(&parts[at..].join("."))));
        Self { text: text.to_owned(), parts, wild }
    }

    /// Whether it names a node, with or without the package.
    pub(super) fn matches(&self, node: &Node) -> bool {
        let versioned = is_versioned(node);
        let fqn = node.fqn.as_slice();
        self.matches_name(fqn, versioned) || self.matches_name(fqn.get(1..).unwrap_or_default(), versioned)
    }

    /// Where to look in [`Names`] for what it may match; `None` if it has a wildcard.
    pub(super) fn keys(&self) -> Option<[String; 3]> {
        let first = self.parts.first().cloned().unwrap_or_default();
        self.wild.is_none().then(|| [first, self.text.clone(), last_two(&self.parts)])
    }

    fn matches_name(&self, fqn: &[String], versioned: bool) -> bool {
        if self.matches_leaf(fqn, versioned) {
            return true;
        }
        let mut names = fqn.iter().flat_map(|segment| segment.split('.'));
        let plain = self.wild.as_ref().map_or(self.parts.len(), |(at, _)| *at);
        if !self.parts[..plain].iter().all(|part| names.next() == Some(part.as_str())) {
            return false;
        }
        let Some((at, glob)) = &self.wild else { return true };
        let rest: Vec<&str> = names.collect();
        if rest.len() + at < self.parts.len() {
            return false;
        }
        glob.matches(&rest.join("."))
            || (self.parts.len() == 1 && leaf(fqn, versioned).is_some_and(|l| glob.matches(l)))
    }

    /// Whether it is the name of the node. A version may be joined to the name by a dot or an underscore.
    fn matches_leaf(&self, fqn: &[String], versioned: bool) -> bool {
        leaf(fqn, versioned) == Some(self.text.as_str()) || (versioned && last_two(fqn) == last_two(&self.parts))
    }
}

fn is_versioned(node: &Node) -> bool {
    matches!(node.detail, Detail::Version { .. })
}

/// The name at the end; before the version where there is one.
fn leaf(fqn: &[String], versioned: bool) -> Option<&str> {
    let from_end = if versioned { 2 } else { 1 };
    fqn.len().checked_sub(from_end).and_then(|at| fqn.get(at)).map(String::as_str)
}

fn last_two(parts: &[String]) -> String {
    parts[parts.len().saturating_sub(2)..].join("_")
}

/// Nodes by everything that a name without wildcards can begin with or be.
pub(super) struct Names(HashMap<String, Vec<usize>>);

impl Names {
    /// The names of these nodes, which are called by their positions.
    pub(super) fn new(nodes: &[Node]) -> Self {
        let mut names = Self(HashMap::new());
        for (index, node) in nodes.iter().enumerate() {
            let versioned = is_versioned(node);
            for segment in node.fqn.iter().take(2) {
                names.add(segment.split('.').next().unwrap_or_default(), index);
            }
            names.add(leaf(&node.fqn, versioned).unwrap_or_default(), index);
            if versioned {
                names.add(&last_two(&node.fqn), index);
            }
        }
        names
    }

    fn add(&mut self, name: &str, index: usize) {
        match self.0.get_mut(name) {
            Some(found) if found.last() == Some(&index) => {}
            Some(found) => found.push(index),
            None => {
                self.0.insert(name.to_owned(), vec![index]);
            }
        }
    }

    /// The nodes under any of these keys; some may come twice.
    pub(super) fn under<'a>(&'a self, keys: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        keys.iter().filter_map(|key| self.0.get(key)).flatten().copied()
    }
}
