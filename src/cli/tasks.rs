//! What `run`, `test`, `seed` and `build` have in common: select, run, report.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::cli::global::{GlobalArgs, flag};
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::{Exit, manifest, project, signals};
use crate::diagnostic::Diagnostic;
use crate::execute::cancel::Cancel;
use crate::execute::{Run, RunOptions};
use crate::files::Disk;
use crate::render::Renderer;
use crate::report::{Context, Event, Inventory, Level, RunReport, artifacts, found};
use crate::warehouse;

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
    let opened = project::open(global, task.command, flags)?;
    let (session, reporter) = (&opened.session, opened.reporter.as_ref());
    let fail = |diagnostics: &[Diagnostic]| {
        project::tell(reporter, diagnostics, &session.sources);
        1
    };
    let selected = task.selection.nodes(global, &opened, task.scope)?;
    let ids = selected.iter().map(|i| session.graph.node(*i).unique_id.clone()).collect();
    let _ = session.shared.selected.set(ids);
    let renderer = Renderer::new(session.shared.clone(), session.graph.clone());
    if selected.is_empty() {
        reporter.event(&Event::Message(
            Level::Warn,
            "Nothing to do. Check the selection: it picks no node that this command works on.",
        ));
        manifest::write(session, Some(&renderer), reporter);
        let report = empty_report(session, task, global);
        write_results(session, &report, reporter);
        return Ok(0);
    }
    let shared = &session.shared;
    let root = &shared.settings.root;
    let adapter = warehouse::adapter(&shared.target, root).map_err(|d| fail(&[*d]))?;
    let runnable: Vec<usize> = selected.into_iter().filter(|i| !session.graph.node(*i).is_ephemeral()).collect();
    let inventory = Inventory { macros: shared.macros.all().len(), ..Inventory::default() };
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
        options: options(global, task, session.shared.target.threads),
        cancel: &cancel,
    };
    let report = run.run(&runnable).map_err(|d| fail(&[*d]))?;
    manifest::write(session, Some(&renderer), reporter);
    write_results(session, &report, reporter);
    let target = manifest::shown_target(session);
    let context = Context { graph: &session.graph, sources: &session.sources, target: &target };
    reporter.event(&Event::RunFinished { report: &report, context });
    Ok(match cancel.signal() {
        Some(signal) => 128 + u8::try_from(signal).unwrap_or(0),
        None => report.exit_code(),
    })
}

fn options(global: &GlobalArgs, task: &Task<'_>, threads: usize) -> RunOptions {
    RunOptions {
        command: task.command,
        threads,
        fail_fast: global.fails_fast(),
        full_refresh: task.full_refresh,
        store_failures: task.store_failures,
        warn_error: global.warns_error(),
        args: args(global, task),
    }
}

/// The settings of the invocation as `run_results.json` has them. Nothing of `--vars` that may be secret is left out
/// there by dbt either, so what is secret does not belong into `--vars`.
fn args(global: &GlobalArgs, task: &Task<'_>) -> Map<String, Json> {
    let mut map = Map::new();
    let mut put = |key: &str, value: Json| drop(map.insert(key.to_owned(), value));
    put("which", Json::from(task.command));
    put("select", Json::from(task.selection.select.clone()));
    put("exclude", Json::from(task.selection.exclude.clone()));
    put("full_refresh", Json::from(task.full_refresh));
    put("store_failures", Json::from(task.store_failures));
    put("fail_fast", Json::from(global.fails_fast()));
    put("warn_error", Json::from(global.warns_error()));
    put("quiet", Json::from(global.quiet));
    put("invocation_command", Json::from(format!("karat {}", std::env::args().skip(1).collect::<Vec<_>>().join(" "))));
    map
}

fn empty_report(session: &crate::session::Session, task: &Task<'_>, global: &GlobalArgs) -> RunReport {
    RunReport {
        results: Vec::new(),
        elapsed: 0.0,
        started_at: session.shared.started_at,
        generated_at: jiff::Timestamp::now(),
        invocation_id: session.shared.invocation_id.clone(),
        args: args(global, task),
        command: task.command.to_owned(),
    }
}

fn write_results(session: &crate::session::Session, report: &RunReport, reporter: &dyn crate::report::Reporter) {
    if let Err(error) = artifacts::write_run_results(&Disk, &session.target_path, report, &manifest::custom_env()) {
        reporter.event(&Event::Message(Level::Warn, &format!("can't write run_results.json: {error}")));
    }
}
