//! Exposures: who reads the project.

use std::sync::Arc;

use minijinja::Value;

use crate::config::properties::ExposureDecl;
use crate::config::tree;
use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::discover::{Inputs, PropertiesFile, blank, describe};
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::load::ProjectFile;
use crate::node::{Detail, Exposure, Node, NodeConfig, ResourceType};

const DEPENDS_ON: &str = "an exposure depends on texts such as `ref('orders')` or `source('shop', 'orders')`";
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

/// How many nodes were named so far.
fn named(scope: &Scope) -> usize {
    let said = scope.said();
    said.refs.len() + said.sources.len()
}

fn one(inputs: &Inputs<'_>, file: &ProjectFile, decl: &ExposureDecl, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let mut node = blank(inputs, ResourceType::Exposure, &decl.name, file);
    node.span = None;
    node.patch_span = Some(decl.span);
    node.checksum = String::new();
    node.description = describe::text(inputs, &decl.description, Some(decl.span), diagnostics);
    let mut config = inputs.tree_config(ResourceType::Exposure, &node.fqn);
    node.unrendered = inputs.unrendered(&node, [&decl.config]);
    tree::merge(&mut config, decl.config.clone());
    node.config = NodeConfig { values: config };
    inputs.overrule(&mut node);
    node.tags = decl.tags.clone();
    node.meta = decl.meta.clone();
    if !decl.kind.is_empty() && !KINDS.contains(&decl.kind.as_str()) {
        diagnostics.push(
            Diagnostic::error("bad-exposure", format!("`{}` is no type of exposure", decl.kind))
                .at(decl.kind_span, "")
                .hint(format!("the types are {}", KINDS.join(", ")))
                .maybe_hint(did_you_mean(&decl.kind, KINDS)),
        );
    }
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::None));
    for (expression, span) in &decl.depends_on {
        let engine = inputs.shared.macros.engine();
        let before = named(&scope);
        let result = engine.eval_expression(expression, Value::from_dyn_object(scope.clone()));
        let problem = match result {
            Err(error) => Some(diagnose(&error, None, &inputs.shared.macros)),
            Ok(_) if named(&scope) == before => {
                Some(Diagnostic::error("bad-exposure", format!("`{expression}` is neither a ref nor a source")))
            }
            Ok(_) => None,
        };
        diagnostics.extend(problem.map(|p| p.at(*span, "").hint(DEPENDS_ON)));
    }
    let said = std::mem::take(&mut *scope.said());
    node.refs = said.refs;
    node.sources = said.sources;
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
