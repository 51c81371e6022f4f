//! Evaluation of a selection: criteria to sets of nodes, sets put together, tests that come along.

use std::sync::Arc;

use super::methods::{self, Scope};
use super::set::NodeSet;
use super::spec::{Combine, Criterion, Group, Reach, Spec};
use super::state::PreviousState;
use super::{Indirect, Reason, Request, Why, suggest};
use crate::diagnostic::{Checked, Diagnostic};
use crate::graph::Graph;
use crate::node::ResourceType;

/// After so many criteria that match nothing there are no more hints: looking for near names takes time.
const MOST_HINTS: usize = 10;

/// All that a selection matches, of every kind.
pub(super) struct Evaluated {
    /// The nodes.
    pub nodes: NodeSet,
    reasons: Vec<Option<Reason>>,
    everything: bool,
}

impl Evaluated {
    /// Why a node is among them.
    pub(super) fn reason(&self, index: usize) -> Reason {
        let found = self.reasons.get(index).cloned().flatten();
        let reason = found.unwrap_or(Reason { criterion: "".into(), why: Why::Everything });
        let why = if self.everything { Why::Everything } else { reason.why };
        Reason { why, ..reason }
    }
}

/// Evaluates a selection.
pub(super) fn evaluate(
    graph: &Graph,
    request: &Request,
    state: Option<&PreviousState>,
    spec: &Spec,
) -> Checked<Evaluated> {
    let mut evaluator = Evaluator {
        graph,
        request,
        scope: Scope::new(graph, &request.project, state),
        members: members(graph, |_| true),
        sources: members(graph, |kind| kind == ResourceType::Source),
        reasons: vec![None; graph.len()],
        silent: false,
        problems: Vec::new(),
    };
    let nodes = evaluator.spec(spec).direct;
    let everything = request.select.is_empty() && request.selector.is_none() && is_difference(spec);
    let value = Evaluated { nodes, reasons: evaluator.reasons, everything };
    Checked { value, diagnostics: evaluator.problems }
}

fn is_difference(spec: &Spec) -> bool {
    matches!(spec, Spec::Many(group) if group.combine == Combine::Difference)
}

/// Every node of some kinds that takes part.
fn members(graph: &Graph, kinds: impl Fn(ResourceType) -> bool) -> NodeSet {
    let mut set = NodeSet::new(graph.len());
    for (index, node) in graph.nodes().iter().enumerate() {
        if kinds(node.resource_type) && (node.resource_type == ResourceType::Exposure || node.config.enabled()) {
            set.insert(index);
        }
    }
    set
}

/// What is selected, and the tests that would be if more of what they read were.
struct Outcome {
    direct: NodeSet,
    indirect: NodeSet,
}

struct Evaluator<'a> {
    graph: &'a Graph,
    request: &'a Request,
    scope: Scope<'a>,
    members: NodeSet,
    sources: NodeSet,
    reasons: Vec<Option<Reason>>,
    /// Within what is excluded: no reasons are noted.
    silent: bool,
    problems: Vec<Diagnostic>,
}

impl Evaluator<'_> {
    fn spec(&mut self, spec: &Spec) -> Outcome {
        match spec {
            Spec::One(criterion) => self.criterion(criterion),
            Spec::Many(group) => self.group(group),
        }
    }

    fn group(&mut self, group: &Group) -> Outcome {
        let mut outcomes = Vec::with_capacity(group.parts.len());
        for (position, part) in group.parts.iter().enumerate() {
            let before = self.silent;
            self.silent |= position > 0 && group.combine == Combine::Difference;
            outcomes.push(self.spec(part));
            self.silent = before;
        }
        let empty: Vec<bool> = outcomes.iter().map(|o| o.direct.is_empty()).collect();
        let (direct, indirect) = self.combined(group.combine, outcomes);
        let direct = self.incorporate(direct, &indirect, group.indirect.unwrap_or(self.request.indirect));
        if direct.is_empty() {
            self.warn_of_nothing(group, &empty);
        }
        Outcome { direct, indirect }
    }

    fn combined(&self, combine: Combine, outcomes: Vec<Outcome>) -> (NodeSet, NodeSet) {
        let mut outcomes = outcomes.into_iter();
        let Some(first) = outcomes.next() else {
            return (self.members.empty_like(), self.members.empty_like());
        };
        let (mut direct, mut any) = (first.direct.clone(), first.indirect.union(&first.direct));
        for next in outcomes {
            let next_any = next.indirect.union(&next.direct);
            let put = match combine {
                Combine::Union => NodeSet::unite,
                Combine::Intersection => NodeSet::intersect,
                Combine::Difference => NodeSet::subtract,
            };
            put(&mut direct, &next.direct);
            put(&mut any, &next_any);
        }
        (direct, any)
    }

    fn criterion(&mut self, criterion: &Criterion) -> Outcome {
        let matched = match methods::matched(&self.scope, criterion, &self.members) {
            Ok(matched) => matched,
            Err(problem) => {
                self.problems.push(*problem);
                self.members.empty_like()
            }
        };
        let raw: Arc<str> = criterion.raw.as_str().into();
        self.note_all(&matched, &raw, Why::Matches);
        let mut selected = matched.clone();
        for (related, why) in self.relatives(criterion, &matched) {
            self.note_all(&related, &raw, why);
            selected.unite(&related);
        }
        match criterion.indirect.unwrap_or(self.request.indirect) {
            Indirect::Empty => Outcome { indirect: selected.empty_like(), direct: selected },
            mode => self.with_tests(selected, mode, &raw),
        }
    }

    fn relatives(&self, criterion: &Criterion, matched: &NodeSet) -> Vec<(NodeSet, Why)> {
        let mut found = Vec::new();
        if let Some(reach) = criterion.parents {
            found.push((self.walk(matched, reach, Direction::Up), Why::Above));
        }
        if let Some(reach) = criterion.children {
            found.push((self.walk(matched, reach, Direction::Down), Why::Below));
        }
        if criterion.childrens_parents {
            let below = self.walk(matched, Reach::All, Direction::Down).union(matched);
            let above = self.walk(&below, Reach::All, Direction::Up);
            found.push((below.union(&above), Why::Around));
        }
        found
    }

    /// What can be reached from a set; members of the set only where they are reached from another.
    fn walk(&self, from: &NodeSet, reach: Reach, direction: Direction) -> NodeSet {
        let mut found = from.empty_like();
        let mut layer: Vec<usize> = from.iter().collect();
        let mut steps = match reach {
            Reach::All => usize::MAX,
            Reach::Steps(steps) => steps,
        };
        while !layer.is_empty() && steps > 0 {
            let mut next = Vec::new();
            for index in layer {
                self.each_neighbor(index, direction, |n| {
                    if self.members.contains(n) && found.insert(n) {
                        next.push(n);
                    }
                });
            }
            layer = next;
            steps -= 1;
        }
        found
    }

    fn each_neighbor(&self, index: usize, direction: Direction, with: impl FnMut(usize)) {
        match direction {
            Direction::Up => self.graph.parents(index).for_each(with),
            Direction::Down => self.graph.children(index).for_each(with),
        }
    }

    /// Adds the tests of what is selected, or puts them aside where not all that they read is there.
    fn with_tests(&mut self, selected: NodeSet, mode: Indirect, raw: &Arc<str>) -> Outcome {
        let available = (mode == Indirect::Buildable).then(|| self.buildable_from(&selected));
        let mut direct = selected.clone();
        let mut indirect = selected.empty_like();
        for parent in selected.iter() {
            let tests: Vec<usize> = self.graph.children(parent).filter(|c| self.is_test(*c)).collect();
            for test in tests {
                self.note(test, raw, Why::Tests(parent));
                let comes = mode == Indirect::Eager
                    || self.reads_only(test, &selected)
                    || available.as_ref().is_some_and(|set| self.reads_only(test, set));
                if comes {
                    direct.insert(test);
                } else {
                    indirect.insert(test);
                }
            }
        }
        Outcome { direct, indirect }
    }

    fn is_test(&self, index: usize) -> bool {
        self.graph.node(index).resource_type.is_test() && self.members.contains(index)
    }

    /// What is selected, all above it, and every source.
    fn buildable_from(&self, selected: &NodeSet) -> NodeSet {
        let mut set = selected.union(&self.walk(selected, Reach::All, Direction::Up));
        set.unite(&self.sources);
        set
    }

    fn reads_only(&self, test: usize, set: &NodeSet) -> bool {
        let reads = &self.graph.node(test).depends_on;
        reads.iter().all(|id| self.graph.index(id).is_some_and(|i| set.contains(i)))
    }

    /// Takes back tests that were put aside by the parts of a group, now that all parts are there.
    fn incorporate(&self, direct: NodeSet, indirect: &NodeSet, mode: Indirect) -> NodeSet {
        if direct == *indirect || matches!(mode, Indirect::Eager | Indirect::Empty) {
            return direct;
        }
        let mut selected = direct.clone();
        let available = match mode {
            Indirect::Buildable => direct.union(&self.walk(&direct, Reach::All, Direction::Up)),
            _ => direct,
        };
        for index in indirect.iter() {
            if self.is_test(index) && self.reads_only(index, &available) {
                selected.insert(index);
            }
        }
        selected
    }

    fn note_all(&mut self, nodes: &NodeSet, raw: &Arc<str>, why: Why) {
        if !self.silent {
            nodes.iter().for_each(|index| self.note(index, raw, why));
        }
    }

    fn note(&mut self, index: usize, raw: &Arc<str>, why: Why) {
        if self.silent {
            return;
        }
        let known = &mut self.reasons[index];
        if known.as_ref().is_none_or(|r| why < r.why) {
            *known = Some(Reason { criterion: raw.clone(), why });
        }
    }

    fn warn_of_nothing(&mut self, group: &Group, empty: &[bool]) {
        let Some(raw) = &group.expected else { return };
        if self.problems.iter().any(Diagnostic::is_error) {
            return;
        }
        let first = group.parts.iter().zip(empty).find(|(_, empty)| **empty);
        let hint = match first {
            _ if self.problems.len() >= MOST_HINTS => None,
            Some((Spec::One(criterion), _)) => suggest::hint(&self.scope, criterion),
            _ => Some("each part of it matches something, but no node matches all of them".to_owned()),
        };
        self.problems.push(
            Diagnostic::warning("selector-matches-nothing", format!("`{raw}` matches nothing in this project"))
                .maybe_hint(hint),
        );
    }
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Up,
    Down,
}
