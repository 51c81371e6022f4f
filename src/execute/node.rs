//! One node on one worker: render, plan, send, tell.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use karat_adapters::{AdapterError, LoadMode, RelationName, SeedLoad, SeedSource, Table};

use crate::batches::{Batch, is_microbatch};
use crate::diagnostic::{Diagnostic, Severity};
use crate::execute::hooks::NodeHooks;
use crate::execute::materialize::How;
use crate::execute::{Run, Worker, trace};
use crate::jinja::scope::Owner;
use crate::jinja::shared::SharedConnection;
use crate::load::io_words;
use crate::node::{Node, ResourceType};
use crate::plan::{self, Csv, Failure, Job, Outcome, Plan, Seed, StepError, TestStatus};
use crate::render::{self, Rendered};
use crate::report::artifacts::{compiled_path, run_path};
use crate::report::{NodeResult, Status};
use crate::warn_errors::Fate;

impl Run<'_> {
    /// Runs a node and says how it went.
    pub(super) fn node(&self, index: usize, worker: Worker<'_>) -> NodeResult {
        let connection = worker.connection;
        let node = self.session.graph.node(index);
        self.announce(node, connection);
        let clock = Instant::now();
        let mut result = NodeResult::new(&node.unique_id, Status::Success);
        result.thread = worker.number;
        result.relation_name = node.relation_name.clone();
        if node.resource_type.is_reader() {
            result.status = Status::NoOp;
            result.message = Some("NO-OP".to_owned());
            result.failures = Some(0);
            let now = Some(Timestamp::now());
            (result.compile_started, result.compile_completed) = (now, now);
            (result.execute_started, result.execute_completed) = (now, now);
            return result;
        }
        let done = match node.resource_type {
            ResourceType::Source => self.freshness(index, connection, &mut result),
            ResourceType::UnitTest => {
                self.unit_test(index, connection, &mut result).inspect_err(|_| result.status = Status::Error)
            }
            _ if self.options.clones => {
                let now = Some(Timestamp::now());
                (result.compile_started, result.compile_completed, result.execute_started) = (now, now, now);
                self.clone_node(index, connection, &mut result).inspect_err(|_| result.status = Status::Error)
            }
            _ if is_microbatch(node) => {
                let now = Some(Timestamp::now());
                (result.compile_started, result.compile_completed, result.execute_started) = (now, now, now);
                self.microbatch(index, worker, &mut result).inspect_err(|_| result.status = Status::Error)
            }
            _ => self.attempt(index, connection, &mut result).inspect_err(|_| result.status = Status::Error),
        };
        if let Err(diagnostic) = done {
            result.message = Some(diagnostic.plain(&self.session.sources));
            result.diagnostic = Some(*diagnostic);
        }
        let now = Some(Timestamp::now());
        result.compile_completed = result.compile_completed.or(now.filter(|_| result.compile_started.is_some()));
        result.execute_completed = now;
        result.execution_seconds = clock.elapsed().as_secs_f64();
        result
    }

    /// Tells the warehouse whose statements come next. Where the connection is gone for good, the node itself will say so.
    fn announce(&self, node: &Node, connection: &SharedConnection) {
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = connection.revive().and_then(|()| connection.set_label(&node.unique_id));
    }

    fn attempt(
        &self,
        index: usize,
        connection: &SharedConnection,
        result: &mut NodeResult,
    ) -> Result<(), Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        if node.is_python() {
            return Err(Box::new(python_model(node)));
        }
        result.compile_started = Some(Timestamp::now());
        let rendered = self.compile(index, connection)?;
        result.compiled = node.resource_type != ResourceType::Seed;
        result.compiled_code = result.compiled.then(|| rendered.sql.clone());
        result.compile_completed = Some(Timestamp::now());
        result.execute_started = result.compile_completed;
        let hooks = match self.materialization(index)? {
            How::Planned(hooks) => hooks,
            How::Macro(info) => {
                let outcome = self.materialize(index, info, &rendered, connection, &mut result.kept)?;
                return self.done(node, outcome, result);
            }
        };
        let plan = self.plan(index, &rendered, connection, hooks, None)?;
        result.warnings = self.told(&plan.warnings)?;
        result.kept = true;
        let outcome = self.send(&plan, &self.path(run_path(node, "")), connection);
        self.done(node, outcome.map_err(|e| Box::new(self.step_error(node, e, &rendered)))?, result)
    }

    /// Sends a plan, keeps in a file what was sent, and notes the relation that it made.
    pub(super) fn send(&self, plan: &Plan, file: &str, connection: &SharedConnection) -> Result<Outcome, StepError> {
        let shared = &self.session.shared;
        let mut sent = Vec::new();
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut attempt = 0;
        let outcome = loop {
            let outcome = plan::run(plan, connection.as_mut(), shared.dialect, &mut sent);
            let may_pass = outcome.as_ref().is_err_and(|error| plan.can_repeat(error, shared.dialect));
            if !may_pass || attempt == self.adapter.retries() || self.cancel.signal().is_some() {
                break outcome;
            }
            std::thread::sleep(Duration::from_millis(250 << attempt));
            attempt += 1;
            // Where this fails, so does the next attempt.
            let _ = connection.revive();
        };
        drop(connection);
        self.keep(file, &sent);
        if let (Ok(_), Some((name, kind))) = (&outcome, &plan.relation) {
            shared.catalog.write().unwrap_or_else(PoisonError::into_inner).set(name, Some(*kind));
        }
        outcome
    }

    /// Keeps in a file the statements that were sent.
    pub(super) fn keep(&self, file: &str, sent: &[String]) {
        if !sent.is_empty() {
            self.write(file, &(sent.join(";\n\n") + "\n"));
        }
    }

    /// The warnings of a node that are to be said.
    fn told(&self, warnings: &[Diagnostic]) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        let mut told = Vec::new();
        for warning in warnings {
            match self.session.shared.warn_errors.fate(warning.code) {
                Fate::Silent => {}
                Fate::Warning => told.push(warning.clone()),
                Fate::Error => return Err(Box::new(Diagnostic { severity: Severity::Error, ..warning.clone() })),
            }
        }
        Ok(told)
    }

    /// Where a file of the target folder is, from its path below it.
    pub(super) fn path(&self, below: String) -> String {
        self.session.target_path.join(below.trim_start_matches('/')).display().to_string()
    }

    fn compile(&self, index: usize, connection: &SharedConnection) -> Result<Rendered, Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        let rendered =
            self.renderer.render(index, Some(connection)).map_err(|failure| render_problem(node, failure))?;
        if node.resource_type != ResourceType::Seed {
            self.write(&self.path(compiled_path(node, "")), &rendered.sql);
        }
        Ok(rendered)
    }

    pub(super) fn plan(
        &self,
        index: usize,
        rendered: &Rendered,
        connection: &SharedConnection,
        hooks: NodeHooks,
        batch: Option<(&Batch, bool)>,
    ) -> Result<Plan, Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        let shared = &self.session.shared;
        let place = |d: Diagnostic| Box::new(with_place(d, node));
        let target = node.target();
        let existing = shared.catalog.read().unwrap_or_else(PoisonError::into_inner).kind(&target);
        let header = node.config.str("sql_header");
        let job = Job {
            existing,
            full_refresh: self.options.full_refresh,
            store_failures: self.options.store_failures,
            pre_hooks: hooks.before,
            post_hooks: hooks.after,
            batch,
            sql_header: header,
            seed: self.seed(node).map_err(place)?,
            foreign: self.foreign(index, connection).map_err(place)?,
            ..Job::new(node, statement(&rendered.sql), target)
        };
        plan::node(&job, shared.dialect).map_err(place)
    }

    /// The relations that the foreign keys of a contract refer to.
    fn foreign(&self, index: usize, connection: &SharedConnection) -> Result<HashMap<String, String>, Diagnostic> {
        let node = self.session.graph.node(index);
        if !node.has_contract() {
            return Ok(HashMap::new());
        }
        let all = node.columns.values().flat_map(|column| &column.constraints).chain(&node.constraints);
        let targets = all.filter_map(|constraint| constraint.get("to")?.as_str());
        let render = |to: &str| {
            let owner = Owner::Node(self.session.graph.clone(), index);
            let sql = self.render_text(&format!("{{{{ {to} }}}}"), owner, connection, HashMap::new())?;
            Ok((to.to_owned(), sql))
        };
        targets.map(render).collect()
    }

    fn seed(&self, node: &Node) -> Result<Option<Seed>, Diagnostic> {
        if node.resource_type != ResourceType::Seed {
            return Ok(None);
        }
        let path = self.session.shared.settings_of(&node.package).root.join(&node.file);
        let bytes = self.files.read(&path).map_err(|e| {
            Diagnostic::error("unreadable-file", format!("can't read {}: {}", node.file, io_words(&e)))
                .hint("check that it is there and that you may read it")
        })?;
        let columns = plan::seed_columns(node, &bytes, |kind| self.adapter.seed_type(kind))?;
        Ok(Some(Seed { csv: Csv::File(path), columns }))
    }

    /// The rows of a seed's file as its table would have them, its columns with their types.
    pub(super) fn seed_rows(&self, node: &Node, connection: &SharedConnection) -> Result<Table, Diagnostic> {
        let Some(Seed { csv: Csv::File(path), columns }) = self.seed(node)? else { return Ok(Table::default()) };
        let shared = &self.session.shared;
        let aside = RelationName { identifier: format!("{}__rows", node.alias), ..node.target() };
        let load = SeedLoad {
            relation: &aside,
            columns: &columns,
            source: SeedSource::File(&path),
            delimiter: plan::delimiter(node)?,
            mode: LoadMode::Create,
        };
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = shared.dialect.begin().map_or(Ok(()), |sql| connection.execute(sql).map(drop));
        let read = begun.and_then(|()| {
            connection.load_csv(&load)?;
            connection.query(&format!("select * from {}", shared.relation(aside.clone(), None).sql()))
        });
        plan::roll_back(connection.as_mut(), shared.dialect);
        let mut table: Table = read.map_err(|e: AdapterError| Diagnostic::error("bad-seed", e.message))?;
        for (column, seed) in table.columns.iter_mut().zip(columns) {
            column.data_type = seed.data_type;
        }
        Ok(table)
    }

    /// Where the compiled SQL is comes with the summary of the run.
    pub(super) fn step_error(&self, node: &Node, error: StepError, rendered: &Rendered) -> Diagnostic {
        match error.error {
            Failure::Diagnostic(diagnostic) => with_place(*diagnostic, node),
            Failure::Adapter(engine) => self.rejected(node, &engine, &error.sql, rendered),
        }
    }

    /// The error for a statement that the engine rejected.
    pub(super) fn rejected(&self, node: &Node, error: &AdapterError, sql: &str, rendered: &Rendered) -> Diagnostic {
        let graph = &self.session.graph;
        let inlined: Vec<&Node> = rendered.ctes.iter().filter_map(|(id, _)| graph.get(id)).collect();
        trace::engine_error(node, error, sql, "", &inlined)
    }

    fn done(&self, node: &Node, outcome: Outcome, result: &mut NodeResult) -> Result<(), Box<Diagnostic>> {
        result.rows = outcome.rows_affected;
        result.message = Some(outcome.message);
        result.notes = outcome.notes;
        result.adapter_response = outcome.adapter_response;
        if node.resource_type != ResourceType::Test {
            return Ok(());
        }
        let table = outcome.table.unwrap_or_default();
        let found =
            plan::test_outcome(&table, node, self.options.warn_error).map_err(|d| Box::new(with_place(d, node)))?;
        result.rows = None;
        result.failures = Some(found.failures);
        result.message = found.message;
        result.status = match found.status {
            TestStatus::Pass => Status::Pass,
            TestStatus::Warn => Status::Warn,
            TestStatus::Fail => Status::Fail,
        };
        Ok(())
    }
}

/// What is wrong with the template of a node.
pub fn render_problem(node: &Node, failure: render::Failure) -> Box<Diagnostic> {
    match failure {
        render::Failure::Problem(diagnostic) => diagnostic,
        render::Failure::Introspective => Box::new(Diagnostic::error(
            "needs-connection",
            format!("{} asks the warehouse while it renders", node.label()),
        )),
    }
}

/// The error for a model that only Python could run.
pub fn python_model(node: &Node) -> Diagnostic {
    Diagnostic::error("python-model", format!("{} is written in Python, and karat runs SQL only", node.label()))
        .at(node.start(), "")
        .hint(format!("rewrite it in SQL, or leave it out with what reads it: `--exclude {}+`", node.name))
}

/// SQL without the `;` that people put at its end.
pub(super) fn statement(sql: &str) -> &str {
    sql.trim_end().trim_end_matches(';').trim_end()
}

/// Adds where the node is to a diagnostic that has no place.
pub(super) fn with_place(diagnostic: Diagnostic, node: &Node) -> Diagnostic {
    if !diagnostic.labels.is_empty() {
        return diagnostic;
    }
    // What the message names in backticks is the setting, or its value.
    let named = diagnostic.message.split('`').skip(1).step_by(2);
    if let Some(span) = named.into_iter().find_map(|name| node.config_span(name)) {
        return diagnostic.at(span, "");
    }
    diagnostic.at(node.start().or(node.patch_span), format!("in {}", node.label()))
}
