//! Exposures: who reads the project.

use std::sync::Arc;

use minijinja::Value;
use serde_json::Value as Json;

use crate::config::properties::ExposureDecl;
use crate::config::tree;
use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::discover::{Inputs, PropertiesFile, blank, describe};
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Said, Scope};
use crate::load::ProjectFile;
use crate::node::{Detail, Exposure, Node, NodeConfig, ResourceType};
use crate::source::Span;

const DEPENDS_ON: &str =
    "an exposure depends on texts such as `ref('orders')`, `source('shop', 'orders')` or `metric('revenue')`";
const KINDS: [&str; 5] = ["dashboard", "notebook", "analysis", "ml", "application"];

/// The nodes of all exposures.
pub(crate) fn nodes(inputs: &Inputs<'_>, properties: &[PropertiesFile]) -> Checked<Vec<Node>> {
    let mut diagnostics = Vec::new();
    let mut found = Vec::new();
    for file in properties {
        for decl in &file.properties.exposures {
            found.push(one(inputs, &file.file, decl, &mut diagnostics));
        }
    }
    Checked { value: found, diagnostics }
}

/// What an expression of a properties file, such as `ref('orders')`, names.
pub(crate) fn evaluate(
    inputs: &Inputs<'_>,
    expression: &str,
    span: Option<Span>,
    code: &'static str,
    hint: &str,
) -> Checked<Said> {
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::None));
    let result = inputs.shared.macros.engine().eval_expression(expression, Value::from_dyn_object(scope.clone()));
    let said = std::mem::take(&mut *scope.said());
    let problem = match result {
        Err(error) => Some(diagnose(&error, None, &inputs.shared.macros)),
        Ok(_) if said.refs.is_empty() && said.sources.is_empty() && said.metrics.is_empty() => {
            Some(Diagnostic::error(code, format!("`{expression}` names no node")))
        }
        Ok(_) => None,
    };
    let diagnostics = problem.map(|p| p.at(span, "").hint(hint)).into_iter().collect();
    Checked { value: said, diagnostics }
}

fn one(inputs: &Inputs<'_>, file: &ProjectFile, decl: &ExposureDecl, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let mut node = blank(inputs, ResourceType::Exposure, &decl.name, file);
    node.span = None;
    node.patch_span = Some(decl.span);
    node.checksum = String::new();
    node.description = describe::text(inputs, &decl.description, Some(decl.span), diagnostics);
    let mut config = inputs.tree_config(ResourceType::Exposure, &node.fqn);
    node.unrendered = inputs.unrendered(&node, [&decl.config], &[]);
    let mut meta = decl.meta.clone();
    // What the exposure says takes the place of what the project file says.
    for key in ["tags", "meta"] {
        if let Some(own) = decl.config.get(key) {
            config.insert(key.into(), own.clone());
        }
    }
    tree::merge(&mut config, decl.config.clone());
    node.config = NodeConfig { values: config };
    inputs.overrule(&mut node);
    if let Some(Json::Object(more)) = node.config.get("meta") {
        meta.extend(more.clone());
    }
    node.meta = meta;
    node.tags = decl.tags.iter().cloned().chain(node.config.strings("tags")).collect();
    node.tags.sort();
    node.tags.dedup();
    if !decl.kind.is_empty() && !KINDS.contains(&decl.kind.as_str()) {
        diagnostics.push(
            Diagnostic::error("bad-exposure", format!("`{}` is no type of exposure", decl.kind))
                .at(decl.kind_span, "")
                .hint(format!("the types are {}", KINDS.join(", ")))
                .maybe_hint(did_you_mean(&decl.kind, KINDS)),
        );
    }
    for (expression, span) in &decl.depends_on {
        let said = evaluate(inputs, expression, Some(*span), "bad-exposure", DEPENDS_ON).unpack(diagnostics);
        node.refs.extend(said.refs);
        node.sources.extend(said.sources);
        node.metrics.extend(said.metrics);
    }
    node.detail = Detail::Exposure(Box::new(Exposure {
        depends_on: decl.depends_on.clone(),
        kind: decl.kind.clone(),
        owner: decl.owner.clone(),
        maturity: decl.maturity.clone(),
        url: decl.url.clone(),
        label: decl.label.clone(),
    }));
    node
}
