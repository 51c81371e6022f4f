//! Seeds: CSV files that become tables.

use crate::config::tree;
use crate::diagnostic::Checked;
use crate::discover::{Inputs, blank, describe, hooks, lift_config, naming};
use crate::load::ProjectFile;
use crate::node::{Node, NodeConfig, ResourceType};

/// Makes the node of a CSV file.
pub(crate) fn node(inputs: &Inputs<'_>, file: &ProjectFile) -> Checked<Option<Node>> {
    let mut diagnostics = Vec::new();
    let base = file.path.rsplit('/').next().unwrap_or(&file.path);
    let name = base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned();
    let mut node = blank(inputs, ResourceType::Seed, &name, file);
    let mut config = inputs.tree_config(ResourceType::Seed, &node.fqn);
    if let Some(patched) = inputs.patches.get(&(ResourceType::Seed, name.as_str())).copied() {
        tree::merge(&mut config, patched.patch.config.clone());
        describe::apply(inputs, &mut node, patched, &mut diagnostics);
    }
    node.config = NodeConfig { values: config };
    let patch = inputs.patches.get(&(ResourceType::Seed, name.as_str())).map(|p| &p.patch.config);
    node.unrendered = inputs.unrendered(&node, patch, &[]);
    inputs.overrule(&mut node);
    lift_config(&mut node);
    if let Err(diagnostic) = naming::name(inputs, &mut node) {
        diagnostics.push(*diagnostic);
    }
    // Hooks see `this`, which has its name only now.
    diagnostics.extend(hooks::learn_all(inputs, &mut node).err().map(|d| *d));
    Checked { value: Some(node), diagnostics }
}
