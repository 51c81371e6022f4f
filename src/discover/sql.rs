//! Nodes that are a file of SQL: models, singular tests, analyses, functions.

use std::sync::Arc;

use karat_jinja::RenderOptions;
use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::config::properties::Patch;
use crate::config::tree;
use crate::diagnostic::{Checked, Diagnostic};
use crate::discover::{Inputs, blank, contracts, describe, functions, hooks, lift_config, naming, python, settings};
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Said, Scope};
use crate::load::ProjectFile;
use crate::node::{Detail, Node, NodeConfig, ResourceType};

/// Makes the node of a SQL file.
pub(crate) fn node(inputs: &Inputs<'_>, file: &ProjectFile, kind: ResourceType) -> Checked<Option<Node>> {
    let name = stem(&file.path).to_owned();
    let mut node = blank(inputs, kind, &name, file);
    if kind == ResourceType::Analysis {
        node.unique_id = format!("analysis.{}.{name}", node.package);
        node.fqn = crate::discover::fqn(&node.package, &format!("analysis/{}", file.path), &name);
        node.path = format!("analysis/{}", file.path);
    }
    // A file that can't be read is a node all the same: what refers to it is right to do so.
    let Some(span) = file.span else { return Checked::ok(Some(node)) };
    let text = &inputs.sources.get(span.source).text;
    node.raw_code = text[span.start as usize..span.end as usize].into();
    finish(inputs, node)
}

/// Settings, properties and name of a node whose template is known.
pub(crate) fn finish(inputs: &Inputs<'_>, mut node: Node) -> Checked<Option<Node>> {
    let mut diagnostics = Vec::new();
    node.relation_name = Some(String::new());
    let patched = inputs.patches.get(&(node.resource_type, node.name.as_str())).copied();
    if let Some(patched) = patched {
        versioned(&mut node, patched.patch);
    }
    let tree = inputs.tree_config(node.resource_type, &node.fqn);
    let mut config = tree.clone();
    if let Some(patched) = patched {
        tree::merge(&mut config, patched.patch.config.clone());
        describe::apply(inputs, &mut node, patched, &mut diagnostics);
    }
    if node.resource_type == ResourceType::Function {
        functions::describe(&mut node, patched.map(|patched| patched.patch));
    }
    if node.is_python() && patched.is_none_or(|p| !p.patch.config.contains_key("materialized")) {
        config.insert("materialized".into(), "table".into());
    }
    node.config = NodeConfig { values: config };
    let draft = Arc::new(node);
    let said = if draft.is_python() { python::evaluate(inputs, &draft) } else { evaluate(inputs, &draft) };
    let mut node = Arc::unwrap_or_clone(draft);
    let own = said.as_ref().map_or(&[][..], |said| &said.config);
    node.unrendered = inputs.unrendered(&node, patched.iter().map(|p| &p.patch.config), own);
    match said {
        Ok(said) => {
            take(&mut node, said);
            contracts::references(inputs, &mut node, &mut diagnostics);
            inputs.overrule(&mut node);
            diagnostics.extend(hooks::learn_all(inputs, &mut node).err().map(|d| *d));
        }
        Err(diagnostic) => {
            inputs.overrule(&mut node);
            if node.config.enabled() {
                diagnostics.push(*diagnostic);
                // What it would be called is not known either.
                node.relation_name = None;
                return Checked { value: Some(node), diagnostics };
            }
        }
    }
    keep_tree(&mut node, tree);
    lift_config(&mut node);
    if let Err(diagnostic) = naming::name(inputs, &mut node) {
        diagnostics.push(*diagnostic);
    }
    Checked { value: Some(node), diagnostics }
}

/// The name of a file without its folders and its ending.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".sql").or_else(|| name.strip_suffix(".py")).unwrap_or(name)
}

/// Makes a node the version of a model that a patch says it is.
fn versioned(node: &mut Node, patch: &Patch) {
    let Some(decl) = &patch.version else { return };
    let suffix = format!("v{}", decl.version);
    node.name.clone_from(&patch.name);
    node.unique_id = format!("{}.{}.{}.{suffix}", node.resource_type, node.package, node.name);
    node.fqn.pop();
    node.fqn.extend([patch.name.clone(), suffix]);
    node.detail = Detail::Version { version: decl.version.clone(), latest: decl.latest.clone() };
}

/// `none` in a template or in properties takes nothing away that the project's tree sets, as in dbt; only settings of
/// the project's own are none then.
fn keep_tree(node: &mut Node, tree: Map<String, Json>) {
    for (key, value) in tree.into_iter().filter(|(key, value)| !value.is_null() && settings::is_known(key)) {
        if let Some(now) = node.config.values.get_mut(&key).filter(|now| now.is_null()) {
            *now = value;
        }
    }
}

/// Renders the template to learn what it says about itself.
fn evaluate(inputs: &Inputs<'_>, node: &Arc<Node>) -> Result<Said, Box<Diagnostic>> {
    let engine = inputs.shared.macros.engine();
    let template = engine
        .compile(&node.unique_id, &node.raw_code)
        .map_err(|e| Box::new(diagnose(&e, node.span, &inputs.shared.macros)))?;
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::Draft(node.clone())));
    let options = RenderOptions { lenient_undefined: true };
    engine
        .render_compiled(&template, Value::from_dyn_object(scope.clone()), options)
        .map_err(|e| Box::new(diagnose(&e, node.span, &inputs.shared.macros)))?;
    let said = std::mem::take(&mut *scope.said());
    Ok(said)
}

/// Moves what the template said into the node.
pub(crate) fn take(node: &mut Node, said: Said) {
    for call in said.config {
        tree::merge(&mut node.config.values, call);
    }
    node.refs = said.refs;
    node.sources = said.sources;
    node.metrics = said.metrics;
    node.functions = said.functions;
    node.macros = said.macros.into_iter().collect();
}
