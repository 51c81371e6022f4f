//! `on-run-start` and `on-run-end`: hooks of the project, as nodes of their own.

use crate::discover::{Inputs, blank, lift_config};
use crate::load::{FileKind, ProjectFile};
use crate::node::{Detail, Node, NodeConfig, ResourceType};

/// One node for each hook, in the order in which they run.
pub(crate) fn nodes(inputs: &Inputs<'_>) -> Vec<Node> {
    let settings = inputs.settings;
    let start = settings.on_run_start.iter().enumerate().map(|(i, sql)| hook(inputs, i, sql, true));
    let end = settings.on_run_end.iter().enumerate().map(|(i, sql)| hook(inputs, i, sql, false));
    start.chain(end).collect()
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
        checksum: String::new(),
    };
    let mut node = blank(inputs, ResourceType::Operation, &name, &file);
    node.raw_code = sql.trim().into();
    node.config = NodeConfig { values: inputs.tree_config(ResourceType::Operation, &node.fqn) };
    node.unrendered = inputs.unrendered(&node, None);
    inputs.overrule(&mut node);
    lift_config(&mut node);
    node.tags.push(kind.to_owned());
    node.detail = Detail::Hook { index, start };
    node
}

/// The project file as dbt writes it in artifacts.
fn project_file(inputs: &Inputs<'_>) -> String {
    let source = inputs.settings.source;
    let name = source.and_then(|id| inputs.sources.get(id).path.file_name());
    name.map_or_else(String::new, |name| format!("./{}", name.to_string_lossy()))
}
