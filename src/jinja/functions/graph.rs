//! `graph`, `doc`, and the hooks of the node.

use std::sync::Arc;

use karat_jinja::from_json;
use minijinja::{Error, ErrorKind, Value};
use serde_json::{Map, Value as Json};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::error::problem;
use crate::jinja::model::config_json;
use crate::jinja::scope::Scope;
use crate::node::ResourceType;

pub(super) fn doc(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let names: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
    let docs = &scope.shared.docs;
    let get = |package: &str, name: &str| docs.get_key_value(&(package.to_owned(), name.to_owned()));
    let found = match names[..] {
        [name] => get(&scope.shared.settings.name, name)
            .or_else(|| get(&scope.package, name))
            .or_else(|| docs.iter().filter(|((_, n), _)| n == name).min_by_key(|((package, _), _)| package)),
        [package, name] => get(package, name),
        _ => return Err(Error::new(ErrorKind::MissingArgument, "doc takes the name of a docs block")),
    };
    let name = names.last().copied().unwrap_or_default();
    let text = found.map(|((package, name), text)| {
        scope.said().docs.push(format!("doc.{package}.{name}"));
        Value::from(&**text)
    });
    text.ok_or_else(|| {
        problem(
            Diagnostic::error("unknown-doc", format!("there is no docs block `{name}`"))
                .maybe_hint(did_you_mean(name, docs.keys().map(|(_, n)| n.as_str()))),
        )
    })
}

/// `graph`: every node as data, made when it is first asked for.
pub(super) fn graph(scope: &Arc<Scope>) -> Value {
    match scope.shared.graph.get() {
        Some(_) => scope.shared.graph_value.get_or_init(|| make_graph(scope)).clone(),
        None => make_graph(scope),
    }
}

fn make_graph(scope: &Arc<Scope>) -> Value {
    let mut nodes = Map::new();
    let mut sources = Map::new();
    let mut exposures = Map::new();
    let (mut metrics, mut semantic_models, mut saved_queries) = (Map::new(), Map::new(), Map::new());
    if let Some((graph, _)) = scope.shared.graph.get() {
        for node in graph.nodes().iter().filter(|node| node.resource_type != ResourceType::UnitTest) {
            let map = match node.resource_type {
                ResourceType::Source => &mut sources,
                ResourceType::Exposure => &mut exposures,
                ResourceType::Metric => &mut metrics,
                ResourceType::SemanticModel => &mut semantic_models,
                ResourceType::SavedQuery => &mut saved_queries,
                _ => &mut nodes,
            };
            map.insert(node.unique_id.clone(), scope.shared.entry(node));
        }
    }
    let mut map = Map::new();
    map.insert("nodes".into(), Json::Object(nodes));
    map.insert("sources".into(), Json::Object(sources));
    map.insert("exposures".into(), Json::Object(exposures));
    map.insert("functions".into(), Json::Object(Map::new()));
    map.insert("metrics".into(), Json::Object(metrics));
    map.insert("semantic_models".into(), Json::Object(semantic_models));
    map.insert("saved_queries".into(), Json::Object(saved_queries));
    let groups = scope.shared.groups.get().into_iter().flatten().map(crate::report::group);
    map.insert("groups".into(), Json::Object(groups.collect()));
    from_json(Json::Object(map))
}

pub(super) fn hooks(scope: &Arc<Scope>, name: &str) -> Value {
    if scope.owner.node().is_none() {
        return Value::from(());
    }
    let key = if name == "pre_hooks" { "pre-hook" } else { "post-hook" };
    let node = scope.owner.node().map(config_json);
    node.and_then(|c| c.get(key).cloned()).map_or_else(|| karat_jinja::list(Vec::new()), from_json)
}
