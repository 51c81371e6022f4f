//! Runs what was selected: a ready queue, N workers with a connection each, hooks before and after.

pub mod cancel;
mod freshness;
mod hooks;
mod materialize;
mod microbatch;
mod node;
mod offers;
mod order;
pub mod schedule;
mod schemas;
mod trace;
mod unit_test;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use karat_adapters::{Adapter, AdapterError};
use serde_json::{Map, Value as Json};

use crate::batches::{is_concurrent, is_microbatch};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::jinja::shared::SharedConnection;
use crate::node::{Node, ResourceType};
use crate::render::Renderer;
use crate::report::{Batches, Event, NodeResult, Position, Reporter, RunReport, Status};
use crate::session::Session;
use cancel::Cancel;
pub use node::{python_model, render_problem};
use offers::Offer;
use schedule::{Order, Schedule};
pub use trace::engine_error;

/// How a run is to go.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// `build`, `run`, `test`, `seed`.
    pub command: &'static str,
    /// How many nodes run side by side.
    pub threads: usize,
    /// Whether the hooks of the project run too.
    pub hooks: bool,
    /// Whether nodes are cloned from where an earlier run built them, rather than built.
    pub clones: bool,
    /// Stop at the first failure.
    pub fail_fast: bool,
    /// `--full-refresh`.
    pub full_refresh: bool,
    /// `--store-failures`.
    pub store_failures: bool,
    /// `--warn-error`.
    pub warn_error: bool,
    /// Whether it repeats an earlier run.
    pub retries: bool,
    /// Batches that an earlier run left, by unique id: only they are built.
    pub again: HashMap<String, Batches>,
    /// The settings of the invocation, for `run_results.json`.
    pub args: Map<String, Json>,
}

/// One run.
pub struct Run<'a> {
    /// The project.
    pub session: &'a Session,
    /// Its warehouse.
    pub adapter: &'a dyn Adapter,
    /// Who listens.
    pub reporter: &'a dyn Reporter,
    /// Where compiled SQL goes.
    pub files: &'a dyn Files,
    /// The SQL of every node.
    pub renderer: &'a Renderer,
    /// How it is to go.
    pub options: RunOptions,
    /// Whether it is to stop.
    pub cancel: &'a Cancel,
}

/// What the workers share.
struct State {
    schedule: Schedule,
    results: Vec<NodeResult>,
    started: usize,
    running: usize,
    stop: Option<String>,
    /// Batches that wait for a worker.
    offers: Vec<Offer>,
}

/// The workers, as one of them sees them.
struct Pool {
    state: Mutex<State>,
    changed: Condvar,
    /// How many nodes will run.
    total: usize,
}

/// One worker.
#[derive(Clone, Copy)]
struct Worker<'a> {
    /// Counted from 1.
    number: usize,
    connection: &'a SharedConnection,
    pool: &'a Pool,
}

impl Run<'_> {
    /// Runs the nodes at these positions of the graph.
    ///
    /// # Errors
    /// The warehouse can't be reached or prepared. What goes wrong with a node is in the report.
    pub fn run(&self, selected: &[usize]) -> Result<RunReport, Box<Diagnostic>> {
        let clock = Instant::now();
        let main = self.connect(0)?;
        self.prepare(&main, selected)?;
        let plain: Vec<usize> = selected.iter().copied().filter(|i| self.renders_ahead(*i)).collect();
        if !self.options.clones {
            self.renderer.prepare(&plain);
        }
        self.cancel.begin();
        let mut results = self.hooks(true, &main, &[], clock);
        let failed = results.iter().any(|r| r.status.is_failure());
        let skips = self.session.shared.settings.flags.get("skip_nodes_if_on_run_start_fails");
        let stop = (failed && skips == Some(&Json::Bool(true))).then(|| "an on-run-start hook failed".to_owned());
        results.extend(self.nodes(selected, stop)?);
        let schemas = results.clone();
        results.extend(self.hooks(false, &main, &schemas, clock));
        self.cancel.forget(0);
        Ok(RunReport {
            results,
            elapsed: clock.elapsed().as_secs_f64(),
            started_at: self.session.shared.started_at,
            generated_at: Timestamp::now(),
            invocation_id: self.session.shared.invocation_id.clone(),
            args: self.options.args.clone(),
            command: self.options.command.to_owned(),
        })
    }

    fn renders_ahead(&self, index: usize) -> bool {
        let node = self.session.graph.node(index);
        let kind = node.resource_type;
        !matches!(kind, ResourceType::Seed | ResourceType::UnitTest) && !kind.is_declared() && !is_microbatch(node)
    }

    /// A connection for a worker, which a signal can interrupt.
    fn connect(&self, worker: usize) -> Result<SharedConnection, Box<Diagnostic>> {
        let connection = self.adapter.connect().map_err(|e| Box::new(connect_error(&e)))?;
        self.cancel.watch(worker, connection.cancel_handle());
        Ok(Arc::new(Mutex::new(connection)))
    }

    /// A connection for each worker. They are opened side by side: a server takes its time for each.
    fn connect_all(&self, workers: usize) -> Result<Vec<SharedConnection>, Box<Diagnostic>> {
        std::thread::scope(|scope| {
            let opening: Vec<_> = (1..=workers).map(|worker| scope.spawn(move || self.connect(worker))).collect();
            let opened = opening.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            opened.collect()
        })
    }

    /// How many workers have something to do: as many as there are nodes, or all if there are batches to share.
    fn workers(&self, selected: &[usize]) -> usize {
        let shares = |node: &Node| is_microbatch(node) && is_concurrent(node);
        let shared = selected.iter().any(|index| shares(self.session.graph.node(*index)));
        self.options.threads.clamp(1, if shared { usize::MAX } else { selected.len().max(1) })
    }

    fn nodes(&self, selected: &[usize], stop: Option<String>) -> Result<Vec<NodeResult>, Box<Diagnostic>> {
        let order = match self.options.command {
            "clone" if !self.options.retries => Order::Any,
            "build" => Order::Gated,
            _ => Order::Graph,
        };
        let schedule = Schedule::new(&self.session.graph, selected, order);
        let workers = self.workers(selected);
        let connections = self.connect_all(workers)?;
        let state = State { schedule, results: Vec::new(), started: 0, running: 0, stop, offers: Vec::new() };
        let pool = Pool { state: Mutex::new(state), changed: Condvar::new(), total: selected.len() };
        std::thread::scope(|scope| {
            for (index, connection) in connections.into_iter().enumerate() {
                let pool = &pool;
                scope.spawn(move || {
                    self.work(Worker { number: index + 1, connection: &connection, pool });
                    self.cancel.forget(index + 1);
                });
            }
        });
        let mut state = pool.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.skip_rest(&mut state, selected.len());
        Ok(state.results)
    }

    /// One worker: takes nodes until there are no more.
    fn work(&self, worker: Worker<'_>) {
        let Pool { state, changed, total } = worker.pool;
        let mut guard = lock(state);
        loop {
            if self.cancel.tell_once() {
                self.reporter.event(&Event::Cancelled);
            }
            if guard.stop.is_some() || self.cancel.signal().is_some() || guard.schedule.left() == 0 {
                break;
            }
            let Some(item) = guard.schedule.take() else {
                if let Some((model, number)) = guard.take_batch() {
                    drop(guard);
                    guard = self.help(&model, number, worker);
                    continue;
                }
                if guard.running == 0 {
                    break;
                }
                guard = changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            guard.started += 1;
            guard.running += 1;
            let position = Position { index: guard.started, total: *total };
            let index = guard.schedule.node(item);
            drop(guard);
            let node = self.session.graph.node(index);
            self.reporter.event(&Event::NodeStarted { position, node, thread: worker.number });
            // A defect in here must not leave the other workers waiting for this one.
            let result = catch_unwind(AssertUnwindSafe(|| self.node(index, worker))).unwrap_or_else(|_| broken(node));
            self.reporter.event(&Event::NodeFinished { position, node, result: &result });
            guard = lock(state);
            guard.running -= 1;
            self.finish(item, result, &mut guard, *total);
            changed.notify_all();
        }
        changed.notify_all();
    }

    fn finish(&self, item: usize, result: NodeResult, state: &mut State, total: usize) {
        let failed = result.status.is_failure();
        if failed && self.options.fail_fast {
            state.stop = Some("--fail-fast".to_owned());
        }
        state.results.push(result);
        for (skipped, culprit) in state.schedule.finish(item, failed) {
            let culprit = self.session.graph.node(state.schedule.node(culprit)).label();
            self.skip(state.schedule.node(skipped), &format!("upstream {culprit} failed"), state, total);
        }
    }

    fn skip(&self, index: usize, because: &str, state: &mut State, total: usize) {
        let node = self.session.graph.node(index);
        state.started += 1;
        let mut result = NodeResult::skipped(&node.unique_id, because);
        result.relation_name = node.relation_name.clone();
        let position = Position { index: state.started, total };
        self.reporter.event(&Event::NodeFinished { position, node, result: &result });
        state.results.push(result);
    }

    /// What was not reached: the run was stopped.
    fn skip_rest(&self, state: &mut State, total: usize) {
        let because = match (&state.stop, self.cancel.signal()) {
            (_, Some(_)) => "the run was cancelled".to_owned(),
            (Some(stop), None) => stop.clone(),
            (None, None) => return,
        };
        let done: std::collections::HashSet<String> = state.results.iter().map(|r| r.unique_id.clone()).collect();
        for item in 0..total {
            let index = state.schedule.node(item);
            if !done.contains(&self.session.graph.node(index).unique_id) {
                self.skip(index, &because, state, total);
            }
        }
    }

    /// Writes a file below the target folder. A failure to do so is said and changes nothing else.
    fn write(&self, path: &str, text: &str) {
        if let Err(error) = self.files.write(Path::new(path), text.as_bytes()) {
            let message = format!("can't write {path}: {error}");
            self.reporter.event(&Event::Message(crate::report::Level::Warn, &message));
        }
    }
}

/// The result of a node that karat itself failed at; what that was is on stderr already.
fn broken(node: &Node) -> NodeResult {
    let diagnostic = Diagnostic::error("internal-defect", format!("karat failed at {}", node.label()))
        .at(node.start(), "")
        .hint("this is a defect of karat: please report it, with the lines above");
    NodeResult {
        message: Some(diagnostic.message.clone()),
        diagnostic: Some(diagnostic),
        ..NodeResult::new(&node.unique_id, Status::Error)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The diagnostic for a warehouse that can't be reached or prepared.
pub fn connect_error(error: &AdapterError) -> Diagnostic {
    Diagnostic::error("connection", error.message.clone()).maybe_hint(error.hint.clone())
}
