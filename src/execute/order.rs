//! What waits for what in a run: the edges of the graph, and those that hold only while things are built.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::graph::Graph;
use crate::node::ResourceType;

/// For each of `selected` (positions in the graph) the positions in `selected` of what has to end before it: the
/// nearest above it, through whatever lies between that was not selected. With `gates` tests hold back what is below
/// what they read, as in `dbt build`.
pub fn edges(graph: &Graph, selected: &[usize], gates: bool) -> Vec<HashSet<usize>> {
    let item_of: HashMap<usize, usize> = selected.iter().enumerate().map(|(item, node)| (*node, item)).collect();
    let above = above_each(graph, selected, &item_of, gates);
    let mut nearest: Vec<HashSet<usize>> = vec![HashSet::new(); graph.len()];
    for node in parents_first(&above) {
        let mut found = HashSet::new();
        for parent in &above[node] {
            match item_of.get(parent) {
                Some(item) => drop(found.insert(*item)),
                None => found.extend(nearest[*parent].iter().copied()),
            }
        }
        nearest[node] = found;
    }
    selected.iter().map(|node| std::mem::take(&mut nearest[*node])).collect()
}

/// What each node of the graph waits for directly, selected or not.
fn above_each(graph: &Graph, selected: &[usize], item_of: &HashMap<usize, usize>, gates: bool) -> Vec<Vec<usize>> {
    let kind = |node: usize| graph.node(node).resource_type;
    let mut above: Vec<Vec<usize>> = (0..graph.len()).map(|node| graph.parents(node).collect()).collect();
    if gates {
        add_gates(graph, selected, &mut above);
    }
    for node in (0..graph.len()).filter(|node| kind(*node) != ResourceType::UnitTest) {
        let is_selected = |child: &usize| kind(*child) == ResourceType::UnitTest && item_of.contains_key(child);
        let mut tests: Vec<usize> = graph.children(node).filter(is_selected).collect();
        tests.sort_unstable();
        // A unit test runs when all that its model reads is there, and before the model.
        for test in &tests {
            above[*test] = above[node].clone();
        }
        if gates && (item_of.contains_key(&node) || graph.node(node).is_ephemeral()) {
            for pair in tests.windows(2) {
                above[pair[1]].push(pair[0]);
            }
            above[node].extend(tests);
        }
    }
    above
}

/// What is below everything that a data test reads waits for the test.
fn add_gates(graph: &Graph, selected: &[usize], above: &mut [Vec<usize>]) {
    let is_built = |node: usize| {
        let kind = graph.node(node).resource_type;
        !kind.is_declared() && !matches!(kind, ResourceType::Test | ResourceType::UnitTest)
    };
    let tests: Vec<usize> =
        selected.iter().copied().filter(|node| graph.node(*node).resource_type == ResourceType::Test).collect();
    let read_together: HashSet<usize> =
        tests.iter().map(|t| &above[*t]).filter(|reads| reads.len() > 1).flatten().copied().collect();
    let order = parents_first(above);
    let ancestors = Ancestors::new(above, &order, &read_together);
    let mut rank = vec![0; above.len()];
    for (position, node) in order.into_iter().enumerate() {
        rank[node] = position;
    }
    for test in tests {
        let Some(last) = above[test].iter().copied().max_by_key(|node| rank[*node]) else { continue };
        let others: Vec<usize> = above[test].iter().copied().filter(|node| *node != last).collect();
        let mut queue = VecDeque::from([last]);
        let mut seen = HashSet::from([last]);
        while let Some(at) = queue.pop_front() {
            for child in graph.children(at).filter(|child| is_built(*child) && seen.insert(*child)) {
                match others.iter().all(|other| ancestors.has(child, *other)) {
                    true => above[child].push(test),
                    false => queue.push_back(child),
                }
            }
        }
    }
}

/// Which of a few nodes are above each node: a row of bits for each.
struct Ancestors {
    bit: HashMap<usize, usize>,
    rows: Vec<Vec<u64>>,
}

impl Ancestors {
    fn new(above: &[Vec<usize>], order: &[usize], of: &HashSet<usize>) -> Self {
        let bit: HashMap<usize, usize> = of.iter().enumerate().map(|(bit, node)| (*node, bit)).collect();
        let mut rows: Vec<Vec<u64>> = vec![Vec::new(); above.len()];
        for node in order {
            let mut row = vec![0; bit.len().div_ceil(64)];
            for parent in &above[*node] {
                for (mine, theirs) in row.iter_mut().zip(&rows[*parent]) {
                    *mine |= theirs;
                }
                if let Some(bit) = bit.get(parent) {
                    row[bit / 64] |= 1 << (bit % 64);
                }
            }
            rows[*node] = row;
        }
        Self { bit, rows }
    }

    fn has(&self, node: usize, ancestor: usize) -> bool {
        self.bit
            .get(&ancestor)
            .is_some_and(|bit| self.rows[node].get(bit / 64).is_some_and(|w| w >> (bit % 64) & 1 == 1))
    }
}

/// Every node after what is above it. What is part of a circle is left out.
fn parents_first(above: &[Vec<usize>]) -> Vec<usize> {
    let mut below = vec![Vec::new(); above.len()];
    for (node, parents) in above.iter().enumerate() {
        for parent in parents {
            below[*parent].push(node);
        }
    }
    let mut left: Vec<usize> = above.iter().map(Vec::len).collect();
    let mut order: Vec<usize> = (0..above.len()).filter(|node| left[*node] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for node in &below[order[at]] {
            left[*node] -= 1;
            if left[*node] == 0 {
                order.push(*node);
            }
        }
        at += 1;
    }
    order
}
