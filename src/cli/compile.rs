//! `karat compile`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use karat_adapters::{Adapter, SchemaName};
use minijinja::Value;
use serde_json::{Value as Json, json};

use crate::cli::global::{GlobalArgs, env, flag};
use crate::cli::inputs::EmptyArgs;
use crate::cli::project::{self, Opened, print_line};
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{BuildArgs, Task, empty_report, write_results};
use crate::cli::{Exit, manifest};
use crate::diagnostic::Diagnostic;
use crate::execute::{connect_error, render_problem};
use crate::files::{Disk, Files};
use crate::inputs::Inputs;
use crate::jinja::asked;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope as Context};
use crate::jinja::shared::SharedConnection;
use crate::node::{Node, ResourceType};
use crate::render::{Failure, Renderer};
use crate::report::artifacts::compiled_path;
use crate::report::{Event, Level, NodeResult, RunReport, Status};
use crate::select;
use crate::session::Session;
use crate::source::{SourceMap, Span};
use crate::warehouse;

/// Render templates to the SQL that would run, without running it
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    empty: EmptyArgs,
    /// Render this template instead of nodes
    #[arg(long, value_name = "SQL")]
    inline: Option<String>,
    /// How to print SQL: text or json
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    output: String,
    #[command(flatten)]
    asking: AskArgs,
}

/// Whether templates may ask the warehouse.
#[derive(Debug, clap::Args)]
pub struct AskArgs {
    /// Do not ask the warehouse anything
    #[arg(long, overrides_with = "introspect")]
    no_introspect: bool,
    #[arg(long, hide = true)]
    introspect: bool,
}

impl AskArgs {
    /// Whether they may.
    pub fn allowed(&self) -> bool {
        !self.no_introspect && (self.introspect || env("INTROSPECT").is_none_or(|_| flag(false, false, "INTROSPECT")))
    }
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    match attempt(global, args) {
        Ok(()) => 0,
        Err(exit) => exit,
    }
}

fn attempt(global: &GlobalArgs, args: &Args) -> Result<(), Exit> {
    let clock = Instant::now();
    let task = Task {
        full_refresh: args.build.full_refresh(),
        inputs: Inputs { empty: args.empty.is_empty(), ..Inputs::default() },
        ..Task::new("compile", select::COMPILE, &args.selection)
    };
    let mut flags = args.selection.flags();
    flags.extend(args.build.flags());
    flags.insert("INTROSPECT".into(), Json::Bool(args.asking.allowed()));
    let opened = project::open_with(global, "compile", flags, task.inputs.clone())?;
    let mut link = Link::new(&opened.session, args.asking.allowed());
    if let Some(template) = &args.inline {
        let sql = inline(&opened, &mut link, template)?;
        show(None, &sql, args);
        return Ok(());
    }
    let session = &opened.session;
    let mut nodes = args.selection.nodes(global, &opened, task.scope)?;
    let all = nodes.clone();
    nodes.retain(|i| session.graph.node(*i).resource_type != ResourceType::Seed);
    let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
    if let Err(problem) = link.load_catalog(&nodes) {
        return Err(failed(&opened, *problem));
    }
    let problems = render_all(&opened, &renderer, &mut link, &nodes);
    manifest::write(session, Some(&renderer), &[], opened.reporter.as_ref());
    project::tell(opened.reporter.as_ref(), &problems, &session.sources);
    if !problems.is_empty() {
        return Err(1);
    }
    write_compiled(global, &task, &opened, &renderer, &all, clock);
    let named: Vec<usize> = nodes.iter().copied().filter(|i| args.selection.names(session.graph.node(*i))).collect();
    for index in &named {
        if let Some(rendered) = renderer.rendered(*index) {
            show(Some(&session.graph.node(*index).name), &rendered.sql, args);
        }
    }
    if named.is_empty() {
        let message = format!("Compiled {} nodes into {}/compiled", nodes.len(), manifest::shown_target(session));
        opened.reporter.event(&Event::Message(Level::Info, &message));
    }
    Ok(())
}

/// Writes that these nodes were compiled, as it is written of nodes that run.
pub fn write_compiled(
    global: &GlobalArgs,
    task: &Task<'_>,
    opened: &Opened,
    renderer: &Renderer,
    nodes: &[usize],
    clock: Instant,
) {
    let session = &opened.session;
    let told = |node: &Node| node.resource_type != ResourceType::Source && !node.is_ephemeral();
    let nodes = nodes.iter().filter(|i| told(session.graph.node(**i)));
    let results = nodes.map(|i| compiled(session.graph.node(*i), renderer, *i)).collect();
    let report = RunReport { results, elapsed: clock.elapsed().as_secs_f64(), ..empty_report(session, task, global) };
    write_results(session, task, &report, opened.reporter.as_ref());
}

/// That a node was compiled.
fn compiled(node: &Node, renderer: &Renderer, index: usize) -> NodeResult {
    let mut result = NodeResult::new(&node.unique_id, Status::Success);
    result.compiled = node.resource_type != ResourceType::Seed;
    result.compiled_code = renderer.rendered(index).map(|rendered| rendered.sql).filter(|_| result.compiled);
    result.relation_name.clone_from(&node.relation_name);
    let now = Some(jiff::Timestamp::now());
    (result.compile_started, result.compile_completed) = (now, now);
    (result.execute_started, result.execute_completed) = (now, now);
    result
}

fn show(name: Option<&str>, sql: &str, args: &Args) {
    match args.output.as_str() {
        "json" => print_line(&json!({"node": name, "compiled": sql}).to_string()),
        _ => print_line(sql.trim_end()),
    }
}

fn failed(opened: &Opened, problem: Diagnostic) -> Exit {
    project::tell(opened.reporter.as_ref(), &[problem], &opened.session.sources);
    1
}

/// Renders nodes into files, asking the warehouse where they need it. Returns what is wrong with them.
pub fn render_all(opened: &Opened, renderer: &Renderer, link: &mut Link<'_>, nodes: &[usize]) -> Vec<Diagnostic> {
    let session = &opened.session;
    renderer.prepare(nodes);
    let mut problems = Vec::new();
    for index in nodes {
        let node = session.graph.node(*index);
        let mut result = renderer.render(*index, None);
        if matches!(result, Err(Failure::Introspective)) {
            match link.connection() {
                Ok(connection) => result = renderer.render(*index, Some(&connection)),
                Err(problem) => {
                    problems.push(problem.note(format!("{} asks the warehouse while it renders", node.label())));
                    continue;
                }
            }
        }
        match result {
            Ok(rendered) => {
                let below = compiled_path(node, "");
                let path = session.target_path.join(below.trim_start_matches('/'));
                if let Err(error) = Disk.write(&path, rendered.sql.as_bytes()) {
                    problems
                        .push(Diagnostic::error("unwritable-file", format!("can't write {}: {error}", path.display())));
                }
            }
            Err(failure) => problems.push(*render_problem(node, failure)),
        }
    }
    problems
}

/// A connection that is made when somebody needs it.
pub struct Link<'a> {
    session: &'a Session,
    allowed: bool,
    adapter: Option<Box<dyn Adapter>>,
    connection: Option<SharedConnection>,
}

impl<'a> Link<'a> {
    /// A link to the warehouse of a session; `allowed` is whether it may be asked at all.
    pub fn new(session: &'a Session, allowed: bool) -> Self {
        Self { session, allowed, adapter: None, connection: None }
    }

    /// The connection.
    ///
    /// # Errors
    /// The warehouse can't be reached, or must not be asked.
    pub fn connection(&mut self) -> Result<SharedConnection, Diagnostic> {
        if !self.allowed {
            return Err(Diagnostic::error(
                "needs-connection",
                "the template asks the warehouse, and --no-introspect forbids it",
            ));
        }
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let shared = &self.session.shared;
        let adapter = warehouse::adapter(&shared.target, &shared.settings.root).map_err(|d| *d)?;
        let connection = adapter.connect().map_err(|e| connect_error(&e))?;
        let connection = Arc::new(Mutex::new(connection));
        self.adapter = Some(adapter);
        self.connection = Some(connection.clone());
        Ok(connection)
    }

    /// Reads what is there, where the SQL of a node depends on it: incremental models, and everything with `--defer`.
    ///
    /// # Errors
    /// The warehouse can't be reached.
    pub fn load_catalog(&mut self, nodes: &[usize]) -> Result<(), Box<Diagnostic>> {
        let graph = &self.session.graph;
        let mut schemas: Vec<SchemaName> = Vec::new();
        let deferred = self.session.shared.deferred.get().is_some();
        let asked = |n: &&Node| deferred && n.resource_type.is_refable() || n.materialized() == "incremental";
        let nodes = nodes.iter().map(|i| graph.node(*i)).chain(graph.nodes().iter().filter(|_| deferred));
        for node in nodes.filter(asked) {
            let schema = SchemaName { database: node.database.clone(), schema: node.schema.clone() };
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        if schemas.is_empty() || !self.allowed {
            return Ok(());
        }
        let connection = self.connection().map_err(Box::new)?;
        let found = match asked::relations(&self.session.shared, &connection, &schemas) {
            Some(found) => found?,
            None => {
                let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                connection.relations(&schemas).map_err(|e| Box::new(connect_error(&e)))?
            }
        };
        self.session.shared.catalog.write().unwrap_or_else(PoisonError::into_inner).add(&schemas, found);
        Ok(())
    }
}

/// Renders a template that belongs to no node, with the CTEs of the ephemeral models that it reads.
///
/// # Errors
/// The template is wrong; that was said, and the exit code is given.
pub fn inline(opened: &Opened, link: &mut Link<'_>, template: &str) -> Result<String, Exit> {
    let session = &opened.session;
    let shared = &session.shared;
    let mut sources: SourceMap = session.sources.clone();
    let id = sources.add(Path::new("--inline"), template);
    let span = Span::new(id, 0, template.len());
    let tell = |problem: Diagnostic, sources: &SourceMap| {
        project::tell(opened.reporter.as_ref(), &[problem], sources);
        1
    };
    let connection = match link.allowed {
        true => Some(link.connection().map_err(|d| tell(d, &sources))?),
        false => None,
    };
    let package = shared.settings.name.as_str().into();
    let mut context = Context::execute(shared.clone(), package, Owner::None, connection.clone());
    context.extra = HashMap::new();
    let context = Arc::new(context);
    let rendered = shared.macros.engine().render("<inline>", template, Value::from_dyn_object(context.clone()));
    let sql = rendered.map_err(|e| tell(diagnose(&e, Some(span), &shared.macros), &sources))?;
    let reads = std::mem::take(&mut context.said().ephemeral);
    let renderer = Renderer::new(shared.clone(), session.graph.clone());
    match renderer.with_ctes(sql, &reads, connection.as_ref()) {
        Ok(rendered) => Ok(rendered.sql.to_string()),
        Err(Failure::Problem(problem)) => Err(tell(*problem, &sources)),
        Err(Failure::Introspective) => {
            Err(tell(Diagnostic::error("needs-connection", "the template asks the warehouse"), &sources))
        }
    }
}
