//! Which node may run when: a ready queue over what was selected.
//!
//! Plain data without threads: [`Schedule`] is told what ended how, and says what may start next and what is skipped.

use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

use super::order;
use crate::graph::Graph;

/// What a node waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    Any,
    /// What it reads.
    Graph,
    /// What it reads, and the data tests of that, of sources too, as in `dbt build`.
    Gated,
}

/// The order of a run. Items are positions in the list of what was selected.
#[derive(Debug)]
pub struct Schedule {
    selected: Vec<usize>,
    children: Vec<Vec<usize>>,
    waiting_for: Vec<usize>,
    /// Length of the longest path below an item: the longer, the sooner it should run.
    depth: Vec<usize>,
    ready: BinaryHeap<(usize, std::cmp::Reverse<usize>)>,
    blocked_by: HashMap<usize, usize>,
    left: usize,
}

/// An item that will not run, and the item above it that failed.
pub type Skip = (usize, usize);

impl Schedule {
    /// The order in which `selected` (positions in the graph, parents first) can run.
    pub fn new(graph: &Graph, selected: &[usize], order: Order) -> Self {
        let edges = match order {
            Order::Any => vec![HashSet::new(); selected.len()],
            _ => order::edges(graph, selected, order == Order::Gated),
        };
        let mut children = vec![Vec::new(); selected.len()];
        for (child, parents) in edges.iter().enumerate() {
            for parent in parents {
                children[*parent].push(child);
            }
        }
        let waiting_for: Vec<usize> = edges.iter().map(HashSet::len).collect();
        let depth = depths(&children, &waiting_for);
        let mut schedule = Self {
            selected: selected.to_vec(),
            ready: BinaryHeap::new(),
            blocked_by: HashMap::new(),
            left: selected.len(),
            children,
            waiting_for,
            depth,
        };
        for item in 0..selected.len() {
            if schedule.waiting_for[item] == 0 {
                schedule.ready.push((schedule.depth[item], std::cmp::Reverse(item)));
            }
        }
        schedule
    }

    /// The position in the graph of an item.
    pub fn node(&self, item: usize) -> usize {
        self.selected[item]
    }

    /// How many items have no outcome yet.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Takes the item that should run next, if one is ready.
    pub fn take(&mut self) -> Option<usize> {
        self.ready.pop().map(|(_, std::cmp::Reverse(item))| item)
    }

    /// Notes that an item ended. Returns what is skipped because of it, nearest first.
    pub fn finish(&mut self, item: usize, failed: bool) -> Vec<Skip> {
        let mut skipped = Vec::new();
        let mut ended = VecDeque::from([(item, failed.then_some(item))]);
        while let Some((at, culprit)) = ended.pop_front() {
            self.left -= 1;
            for child in self.children[at].clone() {
                if let Some(culprit) = culprit {
                    self.blocked_by.entry(child).or_insert(culprit);
                }
                self.waiting_for[child] -= 1;
                if self.waiting_for[child] > 0 {
                    continue;
                }
                match self.blocked_by.get(&child) {
                    Some(culprit) => {
                        skipped.push((child, *culprit));
                        ended.push_back((child, Some(*culprit)));
                    }
                    None => self.ready.push((self.depth[child], std::cmp::Reverse(child))),
                }
            }
        }
        skipped
    }
}

fn depths(children: &[Vec<usize>], waiting_for: &[usize]) -> Vec<usize> {
    let mut left = waiting_for.to_vec();
    let mut order: Vec<usize> = (0..children.len()).filter(|i| left[*i] == 0).collect();
    let mut at = 0;
    while at < order.len() {
        for child in &children[order[at]] {
            left[*child] -= 1;
            if left[*child] == 0 {
                order.push(*child);
            }
        }
        at += 1;
    }
    let mut depth = vec![0; children.len()];
    for item in order.into_iter().rev() {
        depth[item] = children[item].iter().map(|c| depth[*c] + 1).max().unwrap_or(0);
    }
    depth
}
