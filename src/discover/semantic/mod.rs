//! Metrics, semantic models and saved queries: what other programs compute of the project's models.
//!
//! Nothing of them is built. They are nodes, so that they can be listed, selected and read in the manifest.

pub(crate) mod check;
pub(crate) mod link;
mod shape;

use serde_json::{Map, Value as Json, json};

use crate::config::properties::SemanticDecl;
use crate::config::tree;
use crate::config::yaml::is_template;
use crate::diagnostic::{Checked, Diagnostic};
use crate::discover::{Inputs, PropertiesFile, blank, describe, exposures};
use crate::load::ProjectFile;
use crate::node::{Detail, Node, NodeConfig, ResourceType};
use shape::{CUMULATIVE, Key, METRIC, SAVED_QUERY, SEMANTIC_MODEL, shaped};

/// The nodes of all of them.
pub(crate) fn nodes(inputs: &Inputs<'_>, properties: &[PropertiesFile]) -> Checked<Vec<Node>> {
    let mut diagnostics = Vec::new();
    let mut found: Vec<Node> = Vec::new();
    for file in properties {
        for decl in &file.properties.semantics {
            let node = one(inputs, &file.file, decl, &mut diagnostics);
            let made = created_metrics(&node, decl);
            found.push(node);
            found.extend(made.iter().map(|decl| one(inputs, &file.file, decl, &mut diagnostics)));
        }
    }
    let mut seen = std::collections::HashMap::new();
    for node in found.iter().filter(|n| n.config.enabled()) {
        if let Some(first) = seen.insert(&node.unique_id, node.patch_span) {
            diagnostics.push(
                Diagnostic::error("duplicate-name", format!("the {} `{}` is declared twice", words(node), node.name))
                    .at(node.patch_span, "again here")
                    .at(first, "first here")
                    .hint("rename one of them"),
            );
        }
    }
    Checked { value: found, diagnostics }
}

fn words(node: &Node) -> String {
    node.resource_type.as_str().replace('_', " ")
}

fn keys(kind: ResourceType) -> &'static [Key] {
    match kind {
        ResourceType::Metric => METRIC,
        ResourceType::SemanticModel => SEMANTIC_MODEL,
        _ => SAVED_QUERY,
    }
}

fn one(inputs: &Inputs<'_>, file: &ProjectFile, decl: &SemanticDecl, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let mut node = blank(inputs, decl.kind, &decl.name, file);
    node.span = None;
    node.patch_span = Some(decl.span);
    node.checksum = String::new();
    let own = object(&decl.json, "config");
    // Of the project file only what it says of metrics stands there.
    node.unrendered = match decl.kind {
        ResourceType::Metric => inputs.unrendered(&node, [&own], &[]),
        _ => own.clone(),
    };
    let mut config = inputs.tree_config(decl.kind, &node.fqn);
    tree::merge(&mut config, own.clone());
    node.config = NodeConfig { values: config };
    inputs.overrule(&mut node);
    let mut problems = Vec::new();
    let mut body = shaped(&decl.json, keys(decl.kind), &mut problems);
    diagnostics.extend(problems.into_iter().map(|problem| {
        let message = format!("{} `{}`: {problem}", words(&node), node.name);
        Diagnostic::error("bad-semantics", message).at(decl.span, "")
    }));
    render_descriptions(inputs, &mut body, decl, diagnostics);
    match decl.kind {
        ResourceType::Metric => metric(&mut node, &mut body, decl),
        ResourceType::SemanticModel => semantic_model(inputs, &mut node, &mut body, diagnostics),
        _ => saved_query(inputs, &mut node, &mut body, decl),
    }
    node.description = body.get("description").and_then(Json::as_str).unwrap_or_default().to_owned();
    node.detail = Detail::Semantic(Box::new(body));
    node
}

fn object(map: &Map<String, Json>, key: &str) -> Map<String, Json> {
    map.get(key).and_then(Json::as_object).cloned().unwrap_or_default()
}

/// Replaces `{{ doc(…) }}` of the entry and of its parts.
fn render_descriptions(
    inputs: &Inputs<'_>,
    body: &mut Map<String, Json>,
    decl: &SemanticDecl,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut render = |map: &mut Map<String, Json>| {
        if let Some(Json::String(text)) = map.get_mut("description").filter(|d| d.as_str().is_some_and(is_template)) {
            *text = describe::text(inputs, text, Some(decl.span), diagnostics);
        }
    };
    render(body);
    for part in ["entities", "measures", "dimensions"] {
        let items = body.get_mut(part).and_then(Json::as_array_mut).into_iter().flatten();
        items.filter_map(Json::as_object_mut).for_each(&mut render);
    }
}

fn metric(node: &mut Node, body: &mut Map<String, Json>, decl: &SemanticDecl) {
    let of_config = node.config.get("meta").and_then(Json::as_object).filter(|meta| !meta.is_empty()).cloned();
    node.meta = of_config.unwrap_or_else(|| object(&decl.json, "meta"));
    node.tags = NodeConfig { values: decl.json.clone() }.strings("tags");
    if body.get("description").is_none_or(Json::is_null) {
        body.insert("description".into(), json!(""));
    }
    if body.get("type").and_then(Json::as_str) != Some("cumulative") {
        return;
    }
    // The older place of a window counts where the newer one has none.
    let Some(params) = body.get_mut("type_params").and_then(Json::as_object_mut) else { return };
    let mut cumulative = match params.remove("cumulative_type_params") {
        Some(Json::Object(set)) => set,
        _ => shaped(&Map::new(), CUMULATIVE, &mut Vec::new()),
    };
    for key in ["window", "grain_to_date"] {
        if cumulative.get(key).is_none_or(Json::is_null) {
            cumulative.insert(key.into(), params.get(key).cloned().unwrap_or_default());
        }
    }
    params.insert("cumulative_type_params".into(), Json::Object(cumulative));
}

fn semantic_model(
    inputs: &Inputs<'_>,
    node: &mut Node,
    body: &mut Map<String, Json>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let meta = node.config.get("meta").and_then(Json::as_object).cloned().unwrap_or_default();
    for part in ["entities", "measures", "dimensions"] {
        for item in body.get_mut(part).and_then(Json::as_array_mut).into_iter().flatten() {
            let mut all = meta.clone();
            all.extend(item.pointer("/config/meta").and_then(Json::as_object).cloned().unwrap_or_default());
            item["config"] = json!({"meta": all});
            // That a measure makes a metric of itself is seen by the metric.
            if item.get("create_metric").is_some() {
                item["create_metric"] = json!(false);
            }
        }
    }
    let Some(model) = body.get("model").and_then(Json::as_str) else { return };
    let hint = "a semantic model is of a model: `model: ref('orders')`";
    let said = exposures::evaluate(inputs, model, node.patch_span, "bad-semantics", hint);
    node.refs = said.unpack(diagnostics).refs;
}

fn saved_query(inputs: &Inputs<'_>, node: &mut Node, body: &mut Map<String, Json>, decl: &SemanticDecl) {
    let tags = |map: &Map<String, Json>| NodeConfig { values: map.clone() }.strings("tags");
    let mut all = tags(&decl.json);
    all.extend(node.config.strings("tags"));
    all.sort();
    all.dedup();
    node.tags = all;
    let metrics = body.get("query_params").and_then(|q| q.get("metrics")).and_then(Json::as_array);
    let names = metrics.into_iter().flatten().filter_map(Json::as_str);
    node.metrics = names.map(|name| vec![name.to_owned()]).collect();
    for export in body.get_mut("exports").and_then(Json::as_array_mut).into_iter().flatten() {
        complete_export(inputs, &node.config, export);
    }
}

/// Where an export goes: as it says, as the query says, or where everything goes.
fn complete_export(inputs: &Inputs<'_>, query: &NodeConfig, export: &mut Json) {
    let own = export.get("config").and_then(Json::as_object).cloned().unwrap_or_default();
    let target = &inputs.shared.target;
    let text = |key: &str| own.get(key).and_then(Json::as_str).or_else(|| query.str(key)).map(str::to_owned);
    export["unrendered_config"] = Json::Object(own.clone());
    export["config"] = json!({
        "export_as": text("export_as"),
        "schema_name": text("schema_name").or_else(|| text("schema")).unwrap_or_else(|| target.schema.clone()),
        "alias": own.get("alias").cloned().unwrap_or_else(|| export["name"].clone()),
        "database": text("database").unwrap_or_else(|| target.database.clone()),
    });
}

/// The metrics that measures make of themselves (`create_metric: true`).
fn created_metrics(node: &Node, decl: &SemanticDecl) -> Vec<SemanticDecl> {
    if decl.kind != ResourceType::SemanticModel {
        return Vec::new();
    }
    let measures = decl.json.get("measures").and_then(Json::as_array).into_iter().flatten();
    let created = measures.filter(|measure| measure.get("create_metric") == Some(&Json::Bool(true)));
    created
        .filter_map(|measure| {
            let name = measure.get("name")?.as_str()?;
            let or = |key: &str, default: String| measure.get(key).cloned().unwrap_or(Json::String(default));
            let metric = json!({
                "label": or("label", name.to_owned()),
                "type": "simple",
                "type_params": {"measure": name, "expr": or("expr", name.to_owned())},
                "description": or("description", format!("Metric created from measure {name}")),
                "config": {
                    "enabled": node.config.enabled(),
                    "meta": node.config.get("meta").cloned().unwrap_or_else(|| json!({})),
                },
            });
            let json = metric.as_object().cloned()?;
            Some(SemanticDecl { kind: ResourceType::Metric, name: name.to_owned(), span: decl.span, json })
        })
        .collect()
}
