//! A microbatch model: its batches, one after another.

use std::path::Path;
use std::sync::PoisonError;
use std::time::Instant;

use karat_adapters::RelationKind;

use crate::batches::{self, Batch};
use crate::diagnostic::Diagnostic;
use crate::execute::Run;
use crate::execute::node::{render_problem, with_place};
use crate::jinja::shared::SharedConnection;
use crate::node::Node;
use crate::plan;
use crate::report::artifacts::{compiled_path, run_path};
use crate::report::{BatchLine, Batches, Event, NodeResult, Position, Status};

/// A batch, and its place among the batches of its model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub batch: &'a Batch,
    /// Hooks before the model run with the first one.
    pub first: bool,
    /// Hooks after it run with the last one.
    pub last: bool,
    /// Whether the table is made anew.
    pub rebuilds: bool,
}

impl Run<'_> {
    /// Builds a model batch by batch. After a failure of the first one the others are not tried.
    pub(super) fn microbatch(
        &self,
        index: usize,
        connection: &SharedConnection,
        result: &mut NodeResult,
    ) -> Result<(), Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        batches::check_key(node).map_err(Box::new)?;
        let earlier = self.options.again.get(&node.unique_id);
        let grows = self.grows(node);
        let batches = self.batches(node, earlier, grows).map_err(|d| Box::new(with_place(d, node)))?;
        let mut ended = Batches::default();
        let mut problem = None;
        for (number, batch) in batches.iter().enumerate() {
            let part = Part {
                batch,
                first: number == 0,
                last: number + 1 == batches.len(),
                rebuilds: number == 0 && !grows && earlier.is_none(),
            };
            let skip = number > 0 && ended.successful.is_empty() || self.cancel.signal().is_some();
            let position = Position { index: number + 1, total: batches.len() };
            let status = match skip {
                true => Status::Skipped,
                false => match self.tell_batch(index, connection, part, position, result.thread) {
                    Ok(()) => Status::Success,
                    Err(diagnostic) => {
                        let _ = problem.get_or_insert(diagnostic.note(format!("in the batch {}", batch.name)));
                        Status::Error
                    }
                },
            };
            if skip {
                let line = BatchLine { position, node, batch: &batch.name, thread: result.thread };
                self.reporter.event(&Event::BatchFinished { line, status, seconds: 0.0 });
            }
            match status {
                Status::Success => ended.successful.push(batch.window),
                _ => ended.failed.push(batch.window),
            }
        }
        let (done, all) = (ended.successful.len(), batches.len());
        (result.status, result.message) = match done {
            _ if done == all => (Status::Success, Some("SUCCESS".to_owned())),
            0 => (Status::Error, None),
            _ => (Status::PartialSuccess, Some(format!("PARTIAL SUCCESS ({done}/{all})"))),
        };
        if let Some(problem) = problem {
            result.message = result.message.take().or_else(|| Some(problem.plain(&self.session.sources)));
            result.diagnostic = Some(problem);
        }
        ended.successful.extend(earlier.into_iter().flat_map(|e| e.successful.iter().copied()));
        result.failures = Some(0);
        result.batches = Some(ended);
        Ok(())
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
    fn tell_batch(
        &self,
        index: usize,
        connection: &SharedConnection,
        part: Part<'_>,
        position: Position,
        thread: usize,
    ) -> Result<(), Diagnostic> {
        let node = self.session.graph.node(index);
        let line = BatchLine { position, node, batch: &part.batch.name, thread };
        let clock = Instant::now();
        self.reporter.event(&Event::BatchStarted { line });
        let built = self.batch(index, connection, part);
        let status = if built.is_ok() { Status::Success } else { Status::Error };
        self.reporter.event(&Event::BatchFinished { line, status, seconds: clock.elapsed().as_secs_f64() });
        built.map_err(|diagnostic| *diagnostic)
    }

    fn batch(&self, index: usize, connection: &SharedConnection, part: Part<'_>) -> Result<(), Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        let shared = &self.session.shared;
        let rendered = self.renderer.render_batch(index, connection, part.batch);
        let rendered = rendered.map_err(|failure| render_problem(node, failure))?;
        let file = |path: String| self.path(of_batch(&path, &part.batch.name));
        self.write(&file(compiled_path(node, "")), &rendered.sql);
        let plan = self.plan(index, &rendered, connection, Some(part))?;
        let mut sent = Vec::new();
        let outcome = {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            plan::run(&plan, connection.as_mut(), shared.dialect, &mut sent)
        };
        if !sent.is_empty() {
            self.write(&file(run_path(node, "")), &(sent.join(";\n\n") + "\n"));
        }
        outcome.map_err(|error| Box::new(self.step_error(node, error, &rendered)))?;
        if let Some((name, kind)) = &plan.relation {
            shared.catalog.write().unwrap_or_else(PoisonError::into_inner).set(name, Some(*kind));
        }
        Ok(())
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
