//! Hooks: those of the project (`on-run-start`, `on-run-end`) are nodes of their own; those of nodes may read others.

use std::sync::Arc;

use karat_jinja::RenderOptions;
use minijinja::Value;

use crate::config::yaml::is_template;
use crate::diagnostic::{Checked, Diagnostic};
use crate::discover::{Inputs, blank, lift_config, naming};
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::load::{FileKind, ProjectFile, checksum};
use crate::node::{Detail, Node, NodeConfig, ResourceType};

/// One node for each hook, in the order in which they run.
pub(crate) fn nodes(inputs: &Inputs<'_>) -> Checked<Vec<Node>> {
    let settings = inputs.settings;
    let start = settings.on_run_start.iter().enumerate().map(|(i, sql)| hook(inputs, i, sql, true));
    let end = settings.on_run_end.iter().enumerate().map(|(i, sql)| hook(inputs, i, sql, false));
    let mut value: Vec<Node> = start.chain(end).collect();
    let mut diagnostics = Vec::new();
    for node in &mut value {
        diagnostics.extend(naming::name(inputs, node).err().map(|problem| *problem));
        let text = node.raw_code.to_string();
        let problem = learn(inputs, node, &text).err();
        diagnostics.extend(problem.map(|d| d.note(format!("in the hook: {text}"))));
    }
    Checked { value, diagnostics }
}

/// Adds what the hooks of a node refer to to what the node itself refers to.
pub(crate) fn learn_all(inputs: &Inputs<'_>, node: &mut Node) -> Result<(), Box<Diagnostic>> {
    for key in ["pre-hook", "post-hook"] {
        for (text, _) in node.config.hooks(key) {
            learn(inputs, node, &text).map_err(|d| {
                Box::new(d.at(node.start(), format!("in a {key} of this node")).note(format!("in the {key}: {text}")))
            })?;
        }
    }
    Ok(())
}

fn learn(inputs: &Inputs<'_>, node: &mut Node, text: &str) -> Result<(), Diagnostic> {
    if !is_template(text) {
        return Ok(());
    }
    let scope = Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::Draft(Arc::new(node.clone())));
    let scope = Arc::new(scope);
    let macros = &inputs.shared.macros;
    let context = Value::from_dyn_object(scope.clone());
    // What only the run defines (`results`) is not there yet.
    let options = RenderOptions { lenient_undefined: true };
    let template = macros.engine().compile("<hook>", text).map_err(|e| diagnose(&e, None, macros))?;
    macros.engine().render_compiled(&template, context, options).map_err(|e| diagnose(&e, None, macros))?;
    let said = std::mem::take(&mut *scope.said());
    node.refs.extend(said.refs);
    node.sources.extend(said.sources);
    for called in said.macros {
        if !node.macros.contains(&called) {
            node.macros.push(called);
        }
    }
    Ok(())
}

fn hook(inputs: &Inputs<'_>, index: usize, sql: &str, start: bool) -> Node {
    let kind = if start { "on-run-start" } else { "on-run-end" };
    let name = format!("{}-{kind}-{index}", inputs.package);
    let file = ProjectFile {
        kind: FileKind::Properties,
        path: format!("hooks/{name}.sql"),
        file: project_file(inputs),
        absolute: std::path::PathBuf::new(),
        source: None,
        span: None,
        checksum: inputs.settings.source.map(|id| checksum(&inputs.sources.get(id).text)).unwrap_or_default(),
    };
    let mut node = blank(inputs, ResourceType::Operation, &name, &file);
    node.raw_code = sql.trim().into();
    node.config = NodeConfig { values: inputs.tree_config(ResourceType::Operation, &node.fqn) };
    node.unrendered = inputs.unrendered(&node, None, &[]);
    inputs.overrule(&mut node);
    lift_config(&mut node);
    node.tags.insert(0, kind.to_owned());
    node.detail = Detail::Hook { index, start };
    node
}

/// The project file as dbt writes it in artifacts.
fn project_file(inputs: &Inputs<'_>) -> String {
    let source = inputs.settings.source;
    let name = source.and_then(|id| inputs.sources.get(id).path.file_name());
    name.map_or_else(String::new, |name| format!("./{}", name.to_string_lossy()))
}
