//! `karat ls`.

use serde_json::{Map, Value as Json};

use crate::cli::global::GlobalArgs;
use crate::cli::project::{self, print_line};
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::{Exit, manifest};
use crate::jinja::shared::Shared;
use crate::node::{Node, ResourceType};
use crate::select;
use crate::warn_errors;

/// List the nodes of the project
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    /// How to print each: selector, name, path, json, or text (the same as selector)
    #[arg(long, default_value = "selector", value_parser = ["selector", "text", "name", "path", "json"])]
    output: String,
    /// The keys that json prints [default: dbt's]
    #[arg(long, num_args = 1.., value_name = "KEY")]
    output_keys: Vec<String>,
}

const IF_ASKED: &[ResourceType] = &[ResourceType::Analysis];
const KEYS: [&str; 10] = [
    "alias",
    "name",
    "package_name",
    "depends_on",
    "tags",
    "config",
    "resource_type",
    "source_name",
    "original_file_path",
    "unique_id",
];

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let opened = match project::open(global, "list", args.selection.flags()) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let session = &opened.session;
    let reporter = opened.reporter.as_ref();
    manifest::write(session, None, &[], reporter);
    let scope = Scope { works_on: select::LIST, if_asked: IF_ASKED, include_blank: true, ..Scope::default() };
    let positions = match args.selection.nodes(global, &opened, scope) {
        Ok(positions) => positions,
        Err(exit) => return exit,
    };
    let mut nodes: Vec<&Node> = positions.iter().map(|i| session.graph.node(*i)).collect();
    if nodes.is_empty() {
        let told = project::warn(session, reporter, warn_errors::NO_NODES, "No nodes selected.");
        return told.err().unwrap_or_default();
    }
    nodes.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    let mut out = String::new();
    for node in nodes {
        out += &line(&session.shared, node, args);
        out.push('\n');
    }
    print_line(out.trim_end());
    0
}

fn line(shared: &Shared, node: &Node, args: &Args) -> String {
    match args.output.as_str() {
        "name" => node.display_name(),
        "path" => node.file.clone(),
        "json" => json(shared, node, &args.output_keys),
        _ => selector(node),
    }
}

/// What selects the node: `shop.staging.stg_users`, `source:shop.raw.users`, `exposure:shop.weekly`.
fn selector(node: &Node) -> String {
    match node.resource_type {
        ResourceType::Source => format!("source:{}.{}", node.package, node.display_name()),
        ResourceType::UnitTest => format!("unit_test:{}.{}", node.package, node.versioned_name()),
        kind if kind.is_reader() => format!("{kind}:{}.{}", node.package, node.name),
        _ => node.fqn.join("."),
    }
}

fn json(shared: &Shared, node: &Node, keys: &[String]) -> String {
    let keys: Vec<&str> = keys.iter().flat_map(|k| k.split([' ', ','])).filter(|k| !k.is_empty()).collect();
    let Json::Object(all) = shared.entry(node) else { return String::new() };
    let wanted = |key: &str| if keys.is_empty() { KEYS.contains(&key) } else { keys.contains(&key) };
    let mut map: Map<String, Json> = all.into_iter().filter(|(k, _)| wanted(k)).collect();
    for key in keys.iter().filter(|k| k.contains('.')) {
        let found = key.split('.').try_fold(shared.entry(node), |at, part| at.get(part).cloned());
        map.insert((*key).to_owned(), found.unwrap_or_default());
    }
    Json::Object(map).to_string()
}
