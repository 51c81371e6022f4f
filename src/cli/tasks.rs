//! What `run`, `test`, `seed` and `build` have in common: select, run, report.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::cli::global::{GlobalArgs, flag};
use crate::cli::retry::NOTHING_LEFT;
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::{Exit, manifest, project, recorded, seed, signals};
use crate::diagnostic::Diagnostic;
use crate::execute::cancel::Cancel;
use crate::execute::{Run, RunOptions};
use crate::files::Disk;
use crate::inputs::Inputs;
use crate::jinja::functions::metadata_envs;
use crate::node::{ResourceType, SourceTable};
use crate::render::Renderer;
use crate::report::{Context, Event, Inventory, Level, Reporter, RunReport, artifacts, found};
use crate::session::Session;
use crate::warehouse;
use crate::warn_errors;

/// Flags of the commands that build.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BuildArgs {
    /// Rebuild incremental models and seeds from nothing
    #[arg(long, short = 'f', overrides_with = "no_full_refresh")]
    pub full_refresh: bool,
    #[arg(long, hide = true)]
    no_full_refresh: bool,
}

impl BuildArgs {
    /// Whether to rebuild from nothing.
    pub fn full_refresh(&self) -> bool {
        flag(self.full_refresh, self.no_full_refresh, "FULL_REFRESH")
    }

    /// The flags as templates see them.
    pub fn flags(&self) -> Map<String, Json> {
        Map::from_iter([("FULL_REFRESH".to_owned(), Json::Bool(self.full_refresh()))])
    }
}

/// Flags of the commands that test.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TestArgs {
    /// Keep the rows that data tests find in tables
    #[arg(long, overrides_with = "no_store_failures")]
    pub store_failures: bool,
    #[arg(long, hide = true)]
    no_store_failures: bool,
}

impl TestArgs {
    /// Whether to keep the rows of failing tests.
    pub fn store_failures(&self) -> bool {
        flag(self.store_failures, self.no_store_failures, "STORE_FAILURES")
    }
}

/// One such command.
pub struct Task<'a> {
    /// Its name.
    pub command: &'static str,
    /// What it works on.
    pub scope: Scope,
    /// Which nodes of that.
    pub selection: &'a SelectionArgs,
    /// `--full-refresh`.
    pub full_refresh: bool,
    /// `--store-failures`.
    pub store_failures: bool,
    /// Whether it prints rows of the seeds that it loaded.
    pub shows: bool,
    /// What it takes of its inputs.
    pub inputs: Inputs,
    /// For the freshness of sources, in place of building: where to write what is found out, if not in the target folder.
    pub sources: Option<Option<PathBuf>>,
}

impl<'a> Task<'a> {
    /// A command that works on nodes of these kinds, and builds nothing.
    pub fn new(command: &'static str, works_on: &'static [ResourceType], selection: &'a SelectionArgs) -> Self {
        Self {
            command,
            scope: Scope { works_on, ..Scope::default() },
            selection,
            full_refresh: false,
            store_failures: false,
            shows: false,
            inputs: Inputs::default(),
            sources: None,
        }
    }

    /// The same command, building what it works on.
    #[must_use]
    pub fn builds(mut self) -> Self {
        self.scope.builds = true;
        self
    }
}

/// Runs a command that works on nodes of the warehouse.
pub fn execute(global: &GlobalArgs, task: &Task<'_>) -> Exit {
    match attempt(global, task) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn attempt(global: &GlobalArgs, task: &Task<'_>) -> Result<Exit, Exit> {
    let cancel = Arc::new(Cancel::default());
    signals::watch(&cancel);
    let mut flags = task.selection.flags();
    flags.insert("FULL_REFRESH".into(), Json::Bool(task.full_refresh));
    flags.insert("STORE_FAILURES".into(), Json::Bool(task.store_failures));
    let mut inputs = task.inputs.clone();
    inputs.now = global.retry.as_ref().and_then(|retry| retry.started);
    let opened = project::open_with(global, task.command, flags, inputs)?;
    let (session, reporter) = (&opened.session, opened.reporter.as_ref());
    let fail = |diagnostics: &[Diagnostic]| {
        project::tell(reporter, diagnostics, &session.sources);
        1
    };
    let mut selected = task.selection.nodes(global, &opened, task.scope)?;
    if let Some(retry) = &global.retry {
        selected.retain(|i| retry.nodes.contains(&session.graph.node(*i).unique_id));
    }
    if task.sources.is_some() {
        selected.retain(|i| session.graph.node(*i).source_table().is_some_and(SourceTable::has_limits));
    }
    let ids = selected.iter().map(|i| session.graph.node(*i).unique_id.clone()).collect();
    let _ = session.shared.selected.set(ids);
    let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
    if selected.is_empty() {
        let why = match global.retry {
            Some(_) => NOTHING_LEFT,
            None => "Nothing to do. Check the selection: it picks no node that this command works on.",
        };
        manifest::write(session, Some(&renderer), &[], reporter);
        project::warn(session, reporter, warn_errors::NOTHING, why)?;
        let report = empty_report(session, task, global);
        write_results(session, task, &report, reporter);
        return Ok(0);
    }
    let shared = &session.shared;
    let root = &shared.settings.root;
    let adapter = warehouse::adapter(&shared.target, root).map_err(|d| fail(&[*d]))?;
    let (inlined, runnable): (Vec<usize>, Vec<usize>) =
        selected.into_iter().partition(|i| session.graph.node(*i).is_ephemeral());
    let inventory = Inventory { macros: shared.macros.all().len(), groups: session.groups.len() };
    reporter.event(&Event::RunStarted {
        found: &found(&session.graph, inventory),
        threads: shared.target.threads,
        target: &shared.target.name,
        total: runnable.len(),
    });
    let run = Run {
        session,
        adapter: adapter.as_ref(),
        reporter,
        files: &Disk,
        renderer: &renderer,
        options: options(global, task, session),
        cancel: &cancel,
    };
    let stopped = || cancel.signal().map(|signal| 128 + u8::try_from(signal).unwrap_or(0));
    let report = run.run(&runnable).map_err(|d| {
        manifest::write(session, None, &[], reporter);
        stopped().unwrap_or(fail(&[*d]))
    })?;
    renderer.prepare(&inlined);
    manifest::write(session, Some(&renderer), &report.results, reporter);
    write_results(session, task, &report, reporter);
    if task.shows {
        seed::show(global, session, adapter.as_ref(), &report, reporter).map_err(|problem| fail(&[problem]))?;
    }
    let target = manifest::shown_target(session);
    let context = Context { graph: &session.graph, sources: &session.sources, target: &target };
    reporter.event(&Event::RunFinished { report: &report, context });
    Ok(stopped().unwrap_or_else(|| report.exit_code()))
}

fn options(global: &GlobalArgs, task: &Task<'_>, session: &Session) -> RunOptions {
    let quiet = session.shared.settings.flags.get("source_freshness_run_project_hooks") == Some(&Json::Bool(false));
    RunOptions {
        command: task.command,
        threads: session.shared.target.threads,
        hooks: !task.scope.clones && (task.sources.is_none() || !quiet),
        clones: task.scope.clones,
        fail_fast: global.fails_fast(),
        full_refresh: task.full_refresh,
        store_failures: task.store_failures,
        warn_error: session.shared.warn_errors.is_error(warn_errors::TEST),
        retries: global.retry.is_some(),
        again: global.retry.as_ref().map(|retry| retry.batches.clone()).unwrap_or_default(),
        args: recorded::of_task(global, task, session),
    }
}

/// The report of a task that had nothing to do.
pub fn empty_report(session: &Session, task: &Task<'_>, global: &GlobalArgs) -> RunReport {
    RunReport {
        results: Vec::new(),
        elapsed: 0.0,
        started_at: session.shared.started_at,
        generated_at: jiff::Timestamp::now(),
        invocation_id: session.shared.invocation_id.clone(),
        args: recorded::of_task(global, task, session),
        command: task.command.to_owned(),
    }
}

/// Writes how it went.
pub fn write_results(session: &Session, task: &Task<'_>, report: &RunReport, reporter: &dyn Reporter) {
    let Some(path) = &task.sources else { return write_report(session, report, reporter) };
    if session.shared.flag("WRITE_JSON") {
        let path = path.clone().unwrap_or_else(|| session.target_path.join("sources.json"));
        written("sources.json", artifacts::write_sources(&Disk, &path, report, &metadata_envs()), reporter);
    }
}

/// Writes `run_results.json`.
pub fn write_report(session: &Session, report: &RunReport, reporter: &dyn Reporter) {
    if session.shared.flag("WRITE_JSON") {
        let done = artifacts::write_run_results(&Disk, &session.target_path, report, &metadata_envs());
        written("run_results.json", done, reporter);
    }
}

fn written(name: &str, done: std::io::Result<()>, reporter: &dyn Reporter) {
    if let Err(error) = done {
        reporter.event(&Event::Message(Level::Warn, &format!("can't write {name}: {error}")));
    }
}
