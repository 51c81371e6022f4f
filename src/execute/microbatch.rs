//! A microbatch model: its batches.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use karat_adapters::RelationKind;

use crate::batches::{self, Batch};
use crate::diagnostic::Diagnostic;
use crate::execute::hooks::{NodeHooks, POST_HOOK, PRE_HOOK};
use crate::execute::node::{render_problem, with_place};
use crate::execute::{Run, Worker};
use crate::jinja::shared::SharedConnection;
use crate::node::Node;
use crate::plan::StepError;
use crate::report::artifacts::{compiled_path, run_path};
use crate::report::{BatchLine, Batches, Event, NodeResult, Position, Status};

/// A model and the batches of it that are built.
pub(super) struct Model {
    index: usize,
    batches: Vec<Batch>,
    /// Whether the first one makes the table anew.
    rebuilds: bool,
    /// Held for reading by who builds a batch, for writing by who has to be alone.
    alone: RwLock<()>,
}

/// How it went with a batch.
pub(super) struct Part {
    number: usize,
    status: Status,
    problem: Option<Diagnostic>,
}

impl Run<'_> {
    /// Builds a model batch by batch: the first one and the last one alone, those between side by side where that may
    /// be. After a failure of the first one the others are not tried.
    pub(super) fn microbatch(
        &self,
        index: usize,
        worker: Worker<'_>,
        result: &mut NodeResult,
    ) -> Result<(), Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        if !self.session.shared.dialect.merges_batches() {
            batches::check_key(node).map_err(Box::new)?;
        }
        let earlier = self.options.again.get(&node.unique_id);
        let grows = self.grows(node);
        let batches = self.batches(node, earlier, grows).map_err(|d| Box::new(with_place(d, node)))?;
        let last = batches.len() - 1;
        let rebuilds = !grows && earlier.is_none();
        let model = Arc::new(Model { index, batches, rebuilds, alone: RwLock::default() });
        let mut parts = vec![self.part(&model, 0, worker)];
        if parts[0].status != Status::Success {
            parts.extend((1..=last).map(|number| self.skip_batch(&model, number, worker)));
        } else if last > 0 {
            match batches::is_concurrent(node) {
                true => parts.extend(self.together(&model, 1..last, worker)),
                false => parts.extend((1..last).map(|number| self.part(&model, number, worker))),
            }
            parts.push(self.part(&model, last, worker));
        }
        parts.sort_by_key(|part| part.number);
        self.sum_up(&model, parts, result);
        if let Some(batches) = &mut result.batches {
            batches.successful.extend(earlier.into_iter().flat_map(|e| e.successful.iter().copied()));
        }
        Ok(())
    }

    fn sum_up(&self, model: &Model, parts: Vec<Part>, result: &mut NodeResult) {
        let mut ended = Batches::default();
        let mut problem = None;
        for part in parts {
            let batch = &model.batches[part.number];
            match part.status {
                Status::Success => ended.successful.push(batch.window),
                _ => ended.failed.push(batch.window),
            }
            problem = problem.or_else(|| Some(part.problem?.note(format!("in the batch {}", batch.name))));
        }
        let (done, all) = (ended.successful.len(), model.batches.len());
        (result.status, result.message) = match done {
            _ if done == all => (Status::Success, Some("SUCCESS".to_owned())),
            0 => (Status::Error, None),
            _ => (Status::PartialSuccess, Some(format!("PARTIAL SUCCESS ({done}/{all})"))),
        };
        if let Some(problem) = problem {
            result.message = result.message.take().or_else(|| Some(problem.plain(&self.session.sources)));
            result.diagnostic = Some(problem);
        }
        result.failures = Some(0);
        result.batches = Some(ended);
    }

    /// Whether the table is there and stays.
    fn grows(&self, node: &Node) -> bool {
        let refresh = node.config.bool("full_refresh").unwrap_or(self.options.full_refresh);
        let catalog = self.session.shared.catalog.read().unwrap_or_else(PoisonError::into_inner);
        !refresh && catalog.kind(&node.target()) == Some(RelationKind::Table)
    }

    fn batches(&self, node: &Node, earlier: Option<&Batches>, grows: bool) -> Result<Vec<Batch>, Diagnostic> {
        let shared = &self.session.shared;
        match earlier {
            Some(earlier) => batches::again(node, &earlier.failed),
            None => batches::batches(node, &shared.inputs, grows, shared.started_at),
        }
    }

    /// Builds a batch and says so.
    pub(super) fn part(&self, model: &Model, number: usize, worker: Worker<'_>) -> Part {
        if self.cancel.signal().is_some() {
            return self.skip_batch(model, number, worker);
        }
        let line = self.batch_line(model, number, worker);
        let clock = Instant::now();
        self.reporter.event(&Event::BatchStarted { line });
        let built = self.batch(model, number, worker.connection);
        let status = if built.is_ok() { Status::Success } else { Status::Error };
        self.reporter.event(&Event::BatchFinished { line, status, seconds: clock.elapsed().as_secs_f64() });
        Part { number, status, problem: built.err().map(|problem| *problem) }
    }

    fn skip_batch(&self, model: &Model, number: usize, worker: Worker<'_>) -> Part {
        let (line, status) = (self.batch_line(model, number, worker), Status::Skipped);
        self.reporter.event(&Event::BatchFinished { line, status, seconds: 0.0 });
        Part { number, status, problem: None }
    }

    fn batch_line<'a>(&'a self, model: &'a Model, number: usize, worker: Worker<'_>) -> BatchLine<'a> {
        BatchLine {
            position: Position { index: number + 1, total: model.batches.len() },
            node: self.session.graph.node(model.index),
            batch: &model.batches[number].name,
            thread: worker.number,
        }
    }

    fn batch(&self, model: &Model, number: usize, connection: &SharedConnection) -> Result<(), Box<Diagnostic>> {
        let (node, batch) = (self.session.graph.node(model.index), &model.batches[number]);
        let rendered = self.renderer.render_batch(model.index, connection, batch);
        let rendered = rendered.map_err(|failure| render_problem(node, failure))?;
        let file = |path: String| self.path(of_batch(&path, &batch.name));
        self.write(&file(compiled_path(node, "")), &rendered.sql);
        let hooks = |key: &str, run: bool| match run {
            true => self.render_hooks(model.index, key, Some(connection)).map(Option::unwrap_or_default),
            false => Ok(Vec::new()),
        };
        let last = number + 1 == model.batches.len();
        let place = |problem: Diagnostic| Box::new(with_place(problem, node));
        let hooks = NodeHooks {
            before: hooks(PRE_HOOK, number == 0).map_err(place)?,
            after: hooks(POST_HOOK, last).map_err(place)?,
        };
        let rebuilds = number == 0 && model.rebuilds;
        let plan = self.plan(model.index, &rendered, connection, hooks, Some((batch, rebuilds)))?;
        let send = || self.send(&plan, &file(run_path(node, "")), connection);
        let mut outcome = {
            let _beside_others = model.alone.read().unwrap_or_else(PoisonError::into_inner);
            send()
        };
        if outcome.as_ref().is_err_and(StepError::is_conflict) {
            let _alone = model.alone.write().unwrap_or_else(PoisonError::into_inner);
            outcome = send();
        }
        outcome.map(drop).map_err(|error| Box::new(self.step_error(node, error, &rendered)))
    }
}

/// `models/x.sql` of a batch: `models/x/x_2024-01-01.sql`.
fn of_batch(path: &str, batch: &str) -> String {
    let path = Path::new(path);
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let folder = path.parent().unwrap_or(Path::new(""));
    folder.join(&stem).join(format!("{stem}_{batch}.{extension}")).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::of_batch;

    #[test]
    fn a_batch_has_a_file_of_its_own() {
        assert_eq!(of_batch("/compiled/a/models/x.sql", "2024-01"), "/compiled/a/models/x/x_2024-01.sql");
    }
}
