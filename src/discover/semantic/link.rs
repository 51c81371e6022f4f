//! From names to nodes: the semantic models that metrics measure, the metrics that others read.

use std::collections::{HashMap, HashSet};

use serde_json::{Value as Json, json};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::{Detail, Node, ResourceType};

/// Where things are, by name.
#[derive(Default)]
struct Names {
    /// The semantic model that has a measure.
    measures: HashMap<String, usize>,
    /// Metrics.
    metrics: HashMap<String, usize>,
}

/// Fills in what nodes of the semantic layer read, and what other nodes read of them.
pub(crate) fn link(nodes: &mut [Node], diagnostics: &mut Vec<Diagnostic>) {
    let mut names = Names::default();
    for (index, node) in nodes.iter().enumerate() {
        match node.resource_type {
            ResourceType::Metric => drop(names.metrics.insert(node.name.clone(), index)),
            ResourceType::SemanticModel => {
                let measures = node.semantic("measures").and_then(Json::as_array).into_iter().flatten();
                let measures = measures.filter_map(|m| m.get("name").and_then(Json::as_str));
                measures.for_each(|name| _ = names.measures.entry(name.to_owned()).or_insert(index));
            }
            _ => {}
        }
    }
    relations(nodes);
    let metrics: Vec<usize> = (0..nodes.len()).filter(|i| nodes[*i].resource_type == ResourceType::Metric).collect();
    let mut done = HashSet::new();
    for index in metrics {
        metric(index, nodes, &names, &mut done, diagnostics);
    }
    for index in 0..nodes.len() {
        for wanted in nodes[index].metrics.clone() {
            let Some(name) = wanted.last() else { continue };
            match names.metrics.get(name) {
                Some(found) => depend(nodes, index, *found),
                None => diagnostics.push(unknown_metric(&nodes[index], name, &names)),
            }
        }
    }
}

fn depend(nodes: &mut [Node], index: usize, on: usize) {
    let id = nodes[on].unique_id.clone();
    if !nodes[index].depends_on.contains(&id) {
        nodes[index].depends_on.push(id);
    }
}

/// The relation of the model that a semantic model is of.
fn relations(nodes: &mut [Node]) {
    let is_semantic = |n: &&Node| n.resource_type == ResourceType::SemanticModel;
    let read: HashSet<&String> = nodes.iter().filter(is_semantic).flat_map(|n| &n.depends_on).collect();
    let found: HashMap<String, Json> = nodes
        .iter()
        .filter(|node| read.contains(&node.unique_id))
        .map(|node| {
            let relation = json!({
                "alias": node.alias, "schema_name": node.schema, "database": node.database,
                "relation_name": node.relation_name,
            });
            (node.unique_id.clone(), relation)
        })
        .collect();
    for node in nodes.iter_mut().filter(|n| n.resource_type == ResourceType::SemanticModel) {
        let relation = node.depends_on.first().and_then(|id| found.get(id)).cloned().unwrap_or_default();
        if let Detail::Semantic(body) = &mut node.detail {
            body.insert("node_relation".into(), relation);
        }
    }
}

/// Resolves a metric, those that it is made of first.
fn metric(
    index: usize,
    nodes: &mut [Node],
    names: &Names,
    done: &mut HashSet<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !done.insert(index) {
        return;
    }
    let params = nodes[index].semantic("type_params").cloned().unwrap_or_default();
    let mut measures: Vec<Json> = Vec::new();
    let mut add = |input: &Json| {
        if !measures.contains(input) {
            measures.push(input.clone());
        }
    };
    let kind = nodes[index].semantic("type").and_then(Json::as_str).unwrap_or_default().to_owned();
    let (own, inputs) = match kind.as_str() {
        "conversion" => {
            let part =
                |key: &str| params.pointer(&format!("/conversion_type_params/{key}")).cloned().unwrap_or_default();
            (vec![part("base_measure"), part("conversion_measure")], Vec::new())
        }
        "ratio" => (Vec::new(), vec![params["numerator"].clone(), params["denominator"].clone()]),
        "derived" => (Vec::new(), params["metrics"].as_array().cloned().unwrap_or_default()),
        _ => (vec![params["measure"].clone()], Vec::new()),
    };
    for input in &own {
        let Some(name) = input.get("name").and_then(Json::as_str) else {
            diagnostics.push(incomplete(&nodes[index], &kind));
            continue;
        };
        add(input);
        match names.measures.get(name) {
            Some(model) => depend(nodes, index, *model),
            None => diagnostics.push(unknown_measure(&nodes[index], name, names)),
        }
    }
    for input in &inputs {
        let Some(name) = input.get("name").and_then(Json::as_str) else {
            diagnostics.push(incomplete(&nodes[index], &kind));
            continue;
        };
        let Some(found) = names.metrics.get(name) else {
            diagnostics.push(unknown_metric(&nodes[index], name, names));
            continue;
        };
        metric(*found, nodes, names, done, diagnostics);
        let theirs = nodes[*found].semantic("type_params").and_then(|p| p["input_measures"].as_array()).cloned();
        theirs.into_iter().flatten().for_each(|measure| add(&measure));
        depend(nodes, index, *found);
    }
    if let Detail::Semantic(body) = &mut nodes[index].detail
        && let Some(Json::Object(params)) = body.get_mut("type_params")
    {
        params.insert("input_measures".into(), Json::Array(measures));
    }
}

fn incomplete(node: &Node, kind: &str) -> Diagnostic {
    let needed = match kind {
        "conversion" => "`base_measure` and `conversion_measure` below `conversion_type_params`",
        "ratio" => "a `numerator` and a `denominator`",
        "derived" => "`metrics` with names",
        _ => "a `measure`",
    };
    Diagnostic::error("bad-semantics", format!("metric `{}` is incomplete", node.name))
        .at(node.patch_span, "")
        .hint(format!("a {kind} metric needs {needed} below `type_params`"))
}

fn unknown_measure(node: &Node, name: &str, names: &Names) -> Diagnostic {
    Diagnostic::error("unknown-metric", format!("no semantic model has a measure `{name}`"))
        .at(node.patch_span, format!("read by {}", node.label()))
        .hint("measures are declared below `measures` of a semantic model that is enabled")
        .maybe_hint(did_you_mean(name, names.measures.keys().map(String::as_str)))
}

fn unknown_metric(node: &Node, name: &str, names: &Names) -> Diagnostic {
    Diagnostic::error("unknown-metric", format!("there is no metric `{name}`"))
        .at(node.reference_span(name), format!("read by {}", node.label()))
        .hint("metrics are declared below `metrics` of a properties file, and may be disabled")
        .maybe_hint(did_you_mean(name, names.metrics.keys().map(String::as_str)))
}
