//! How old the newest row of a source table is, and whether that is too old.

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::execute::Run;
use crate::freshness::{Age, Found};
use crate::jinja::freshness::collect;
use crate::jinja::shared::SharedConnection;
use crate::report::{NodeResult, Status};

impl Run<'_> {
    /// Asks when a source table was last loaded, and judges it.
    pub(super) fn freshness(
        &self,
        index: usize,
        connection: &SharedConnection,
        result: &mut NodeResult,
    ) -> Result<(), Box<Diagnostic>> {
        let (shared, graph) = (&self.session.shared, &self.session.graph);
        let node = graph.node(index);
        result.compile_started = Some(Timestamp::now());
        result.compile_completed = result.compile_started;
        result.execute_started = result.compile_started;
        let answer = collect(shared, graph, index, connection).map_err(|problem| {
            result.status = Status::RuntimeError;
            Box::new(match problem.labels.is_empty() {
                true => problem.at(node.patch_span, "this source table"),
                false => problem,
            })
        })?;
        let limits = node.source_table().and_then(|source| source.freshness.clone()).unwrap_or_default();
        let found = Found { loaded_at: answer.loaded_at, looked_at: answer.looked_at, limits };
        let (status, limit) = match found.limits.judge(found.age()) {
            Age::Fine => (Status::Pass, None),
            Age::Warns => (Status::Warn, found.limits.warn_after),
            Age::Fails => (Status::Error, found.limits.error_after),
        };
        result.status = status;
        result.message = limit.map(|limit| {
            let newest = |at| format!("the newest row is of {at}, older than {}", limit.words());
            answer.newest.map_or("there is no row".to_owned(), newest)
        });
        result.adapter_response = answer.response;
        result.freshness = Some(found);
        Ok(())
    }
}
