//! The dependency graph: which node reads which.

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::diagnostic::Diagnostic;
use crate::node::Node;

/// All nodes of a project and their dependencies. A node is named by its position, which never changes.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    by_id: HashMap<String, usize>,
    edges: DiGraph<(), ()>,
}

impl Graph {
    /// Builds the graph from `depends_on` of each node. Ids that name no node are left out.
    pub fn new(nodes: Vec<Node>) -> Self {
        let by_id: HashMap<String, usize> = nodes.iter().enumerate().map(|(i, n)| (n.unique_id.clone(), i)).collect();
        let mut edges = DiGraph::with_capacity(nodes.len(), nodes.len() * 2);
        for _ in &nodes {
            edges.add_node(());
        }
        for (child, node) in nodes.iter().enumerate() {
            for parent in node.depends_on.iter().filter_map(|id| by_id.get(id)) {
                edges.add_edge(NodeIndex::new(*parent), NodeIndex::new(child), ());
            }
        }
        Self { nodes, by_id, edges }
    }

    /// How many nodes there are; positions go from 0 to here.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node at this position.
    pub fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// All nodes, by position.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The position of the node with this unique id.
    pub fn index(&self, unique_id: &str) -> Option<usize> {
        self.by_id.get(unique_id).copied()
    }

    /// The node with this unique id.
    pub fn get(&self, unique_id: &str) -> Option<&Node> {
        self.index(unique_id).map(|i| &self.nodes[i])
    }

    /// What a node reads directly.
    pub fn parents(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges.neighbors_directed(NodeIndex::new(index), Direction::Incoming).map(NodeIndex::index)
    }

    /// What reads a node directly.
    pub fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        self.edges.neighbors_directed(NodeIndex::new(index), Direction::Outgoing).map(NodeIndex::index)
    }

    /// Every position, parents before children; `None` where there is a cycle.
    pub fn topological(&self) -> Option<Vec<usize>> {
        let order = petgraph::algo::toposort(&self.edges, None).ok()?;
        Some(order.into_iter().map(NodeIndex::index).collect())
    }

    /// A diagnostic for each group of nodes that read each other in a circle, with one such circle shown.
    pub fn cycles(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for group in petgraph::algo::tarjan_scc(&self.edges) {
            let first = group[0].index();
            if group.len() > 1 || self.children(first).any(|c| c == first) {
                let members: Vec<usize> = group.iter().map(|n| n.index()).collect();
                found.push(self.cycle_diagnostic(&members));
            }
        }
        found
    }

    /// The shortest circle through the first (by id) of these nodes.
    fn cycle_diagnostic(&self, members: &[usize]) -> Diagnostic {
        let start = members.iter().copied().min_by_key(|i| &self.nodes[*i].unique_id).unwrap_or(members[0]);
        let path = self.circle(start, members);
        let names: Vec<String> = path.iter().map(|i| self.nodes[*i].display_name()).collect();
        let shown = format!("{} → {}", names.join(" → "), names[0]);
        let mut diagnostic =
            Diagnostic::error("dependency-cycle", format!("these nodes depend on each other in a circle: {shown}"))
                .hint("break the circle: one of these must not read the next (`a → b` means that b reads a)");
        for (position, index) in path.iter().enumerate() {
            let reads = &names[(position + path.len() - 1) % path.len()];
            let node = &self.nodes[*index];
            diagnostic = diagnostic.at(node.reference_span(reads), format!("`{}` reads `{reads}`", node.name));
        }
        diagnostic
    }

    fn circle(&self, start: usize, members: &[usize]) -> Vec<usize> {
        let mut came_from: HashMap<usize, usize> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for child in self.children(at).filter(|c| members.contains(c)) {
                if child == start {
                    let mut path = vec![at];
                    while let Some(before) = came_from.get(path.last().unwrap_or(&start)) {
                        path.push(*before);
                    }
                    path.reverse();
                    return path;
                }
                if child != start && !came_from.contains_key(&child) {
                    came_from.insert(child, at);
                    queue.push_back(child);
                }
            }
        }
        members.to_vec()
    }
}
