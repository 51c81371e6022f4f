//! `karat show`.

use std::sync::PoisonError;

use serde_json::Value as Json;

use crate::cli::compile::{AskArgs, Link, inline};
use crate::cli::global::GlobalArgs;
use crate::cli::project::{self, Opened, colored_stdout, print_line};
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::tasks::BuildArgs;
use crate::cli::{Exit, manifest};
use crate::diagnostic::Diagnostic;
use crate::execute;
use crate::execute::engine_error;
use crate::node::{Node, ResourceType};
use crate::render::{Failure, Renderer};
use crate::report::artifacts::compiled_path;
use crate::report::{Event, Level, table};

/// Run a query and print its rows
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    asking: AskArgs,
    /// The query to run, instead of a node's
    #[arg(long, value_name = "SQL")]
    inline: Option<String>,
    /// The query to run as it stands: no template
    #[arg(long, value_name = "SQL", conflicts_with = "inline")]
    inline_direct: Option<String>,
    /// How many rows at the most; -1 for all
    #[arg(long, default_value_t = 5, allow_negative_numbers = true, value_name = "N")]
    limit: i64,
    /// How to print them: table, json, csv
    #[arg(long, default_value = "table", value_parser = ["table", "text", "json", "csv"])]
    output: String,
}

const WORKS_ON: &[ResourceType] =
    &[ResourceType::Model, ResourceType::Seed, ResourceType::Test, ResourceType::Analysis, ResourceType::Snapshot];

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    match attempt(global, args) {
        Ok(()) => 0,
        Err(exit) => exit,
    }
}

fn attempt(global: &GlobalArgs, args: &Args) -> Result<(), Exit> {
    let mut flags = args.selection.flags();
    flags.extend(args.build.flags());
    flags.insert("INTROSPECT".into(), Json::Bool(args.asking.allowed()));
    let opened = project::open(global, "show", flags)?;
    let mut link = Link::new(&opened.session, true);
    if let Some(sql) = &args.inline_direct {
        return print(global, args, &opened, &mut link, None, sql);
    }
    if let Some(query) = &args.inline {
        let sql = inline(&opened, &mut link, query)?;
        return print(global, args, &opened, &mut link, None, &sql);
    }
    if args.selection.select.is_empty() && args.selection.selector.is_none() {
        let diagnostic = Diagnostic::error("nothing-to-show", "show needs something to show")
            .hint("name a node with --select, or give a query with --inline");
        project::tell(opened.reporter.as_ref(), &[diagnostic], &opened.session.sources);
        return Err(2);
    }
    let session = &opened.session;
    let scope = Scope { works_on: WORKS_ON, ..Scope::default() };
    let nodes = wanted(&opened, args.selection.nodes(global, &opened, scope)?, &args.selection);
    if nodes.is_empty() {
        opened.reporter.event(&Event::Message(Level::Warn, "No nodes selected."));
    }
    link.load_catalog(&nodes).map_err(|d| tell(&opened, *d))?;
    let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
    for index in nodes {
        let node = session.graph.node(index);
        let connection = link.connection().map_err(|d| tell(&opened, d))?;
        let sql = match node.resource_type {
            ResourceType::Seed => format!("select * from {}", node.relation_name.as_deref().unwrap_or_default()),
            _ if node.is_python() => return Err(tell(&opened, execute::python_model(node))),
            _ => match renderer.render(index, Some(&connection)) {
                Ok(rendered) => rendered.sql.to_string(),
                Err(Failure::Problem(problem)) => return Err(tell(&opened, *problem)),
                Err(Failure::Introspective) => return Err(1),
            },
        };
        print(global, args, &opened, &mut link, Some(node), &sql)?;
    }
    Ok(())
}

/// A model that was named is shown without the tests that come along with it.
fn wanted(opened: &Opened, nodes: Vec<usize>, selection: &SelectionArgs) -> Vec<usize> {
    let graph = &opened.session.graph;
    let is_test = |i: &usize| graph.node(*i).resource_type == ResourceType::Test;
    if nodes.iter().all(is_test) {
        return nodes;
    }
    nodes.into_iter().filter(|i| !is_test(i) || selection.names(graph.node(*i))).collect()
}

fn tell(opened: &Opened, problem: Diagnostic) -> Exit {
    project::tell(opened.reporter.as_ref(), &[problem], &opened.session.sources);
    1
}

fn print(
    global: &GlobalArgs,
    args: &Args,
    opened: &Opened,
    link: &mut Link<'_>,
    node: Option<&Node>,
    sql: &str,
) -> Result<(), Exit> {
    let connection = link.connection().map_err(|d| tell(opened, d))?;
    let sql = sql.trim_end().trim_end_matches(';');
    let limit = usize::try_from(args.limit).ok();
    let rows = connection.lock().unwrap_or_else(PoisonError::into_inner).query_limited(sql, limit);
    let rows = rows.map_err(|error| {
        let problem = match node {
            Some(node) => {
                engine_error(node, &error, sql, &compiled_path(node, &manifest::shown_target(&opened.session)), &[])
            }
            None => Diagnostic::error("engine-error", error.message.clone()).note(format!("in the query: {sql}")),
        };
        tell(opened, problem.maybe_hint(error.hint))
    })?;
    let name = node.map(|n| n.name.as_str());
    match args.output.as_str() {
        "json" => print_line(table::json(&rows, name).trim_end()),
        "csv" => print_line(table::csv(&rows).trim_end_matches('\n')),
        _ => {
            if let Some(name) = name {
                opened.reporter.event(&Event::Message(Level::Info, &format!("Rows of {name}:")));
            }
            print_line(table::text(&rows, colored_stdout(global)).trim_end());
        }
    }
    Ok(())
}
