//! Counting things in words.

use std::collections::BTreeMap;

use crate::graph::Graph;
use crate::node::{Node, ResourceType};
use crate::report::result::RunReport;

/// What a project has besides the nodes of its graph.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inventory {
    /// How many macros.
    pub macros: usize,
    /// How many groups.
    pub groups: usize,
}

/// `12 models, 7 seeds, 40 data tests, 1 source`: what is in a project.
pub fn found(graph: &Graph, more: Inventory) -> String {
    let mut counts = [0; ResourceType::ALL.len()];
    let mut unit_tests = 0;
    for node in graph.nodes() {
        if node.unit_test().is_some() {
            unit_tests += 1;
            continue;
        }
        if let Some(at) = ResourceType::ALL.iter().position(|kind| *kind == node.resource_type) {
            counts[at] += 1;
        }
    }
    let nodes = ResourceType::ALL.iter().zip(counts).map(|(kind, count)| (count, noun(*kind)));
    let others = [(more.macros, "macro"), (more.groups, "group"), (unit_tests, "unit test")];
    let parts: Vec<String> = nodes.chain(others).filter(|(n, _)| *n > 0).map(|(n, noun)| plural(n, noun)).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// `Finished running 3 view models, 5 data tests in 0 hours 0 minutes and 1.23 seconds (1.23s).`
pub(super) fn finished(report: &RunReport, graph: &Graph) -> String {
    format!("Finished running {}{} ({:.2}s).", ran(report, graph), duration(report.elapsed), report.elapsed)
}

/// ` in 0 hours 0 minutes and 1.23 seconds`.
pub(in crate::report) fn duration(seconds: f64) -> String {
    let hours = (seconds / 3600.0).floor();
    let minutes = ((seconds - hours * 3600.0) / 60.0).floor();
    let rest = seconds - hours * 3600.0 - minutes * 60.0;
    format!(" in {hours:.0} hours {minutes:.0} minutes and {rest:.2} seconds")
}

/// `3 view models, 5 data tests`: what ran. Sorted by dbt's own names, among which a data test is a `test`.
pub(in crate::report) fn ran(report: &RunReport, graph: &Graph) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for node in report.results.iter().filter_map(|result| graph.get(&result.unique_id)) {
        *counts.entry(ran_as(node)).or_default() += 1;
    }
    let word = |name: &str| if name == "test" { "data test".to_owned() } else { name.replace('_', " ") };
    let parts: Vec<String> = counts.into_iter().map(|(name, count)| plural(count, &word(&name))).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn ran_as(node: &Node) -> String {
    match node.resource_type {
        ResourceType::Model => format!("{} model", node.materialized()),
        ResourceType::Operation => "project hook".to_owned(),
        kind => kind.as_str().to_owned(),
    }
}

/// `1 model`, `2 models`, `2 analyses`.
pub(super) fn plural(count: usize, noun: &str) -> String {
    match (noun.strip_suffix("is"), noun.strip_suffix('y')) {
        _ if count == 1 => format!("1 {noun}"),
        (Some(stem), _) => format!("{count} {stem}es"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}

fn noun(kind: ResourceType) -> &'static str {
    match kind {
        ResourceType::Test => "data test",
        ResourceType::SemanticModel => "semantic model",
        ResourceType::SavedQuery => "saved query",
        other => other.as_str(),
    }
}
