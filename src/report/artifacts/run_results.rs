//! `run_results.json`: how a run went.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::lazy::List;
use super::{DBT_VERSION, moment};
use crate::inputs::Window;
use crate::report::result::{Batches, NodeResult, RunReport, Status};
use crate::secrets::scrub;

/// Writes it.
pub(super) struct RunResults<'a> {
    pub report: &'a RunReport,
    pub env: &'a Map<String, Json>,
}

impl Serialize for RunResults<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("metadata", &metadata("run-results/v6", report, self.env))?;
        map.serialize_entry("results", &List(|| report.results.iter().map(ResultEntry)))?;
        map.serialize_entry("elapsed_time", &report.elapsed)?;
        map.serialize_entry("args", &Args(report))?;
        map.end()
    }
}

/// What an artifact of this form says about the invocation.
pub(super) fn metadata(form: &str, report: &RunReport, env: &Map<String, Json>) -> Json {
    json!({
        "dbt_schema_version": format!("https://schemas.getdbt.com/dbt/{form}.json"),
        "dbt_version": DBT_VERSION,
        "generated_at": moment(report.generated_at),
        "invocation_id": report.invocation_id,
        "invocation_started_at": moment(report.started_at),
        "env": env,
    })
}

/// The settings of the invocation, the command among them.
struct Args<'a>(&'a RunReport);

impl Serialize for Args<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &report.args {
            map.serialize_entry(key, value)?;
        }
        if !report.args.contains_key("which") {
            map.serialize_entry("which", &report.command)?;
        }
        map.end()
    }
}

/// A result as `run_results.json` has it.
pub struct ResultEntry<'a>(pub &'a NodeResult);

impl Serialize for ResultEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let result = self.0;
        let has_sql = has_sql(&result.unique_id);
        let mut map = serializer.serialize_map(Some(13))?;
        map.serialize_entry("status", result.status.as_str())?;
        map.serialize_entry("timing", &timing(result))?;
        map.serialize_entry("thread_id", &thread_name(result.thread))?;
        map.serialize_entry("execution_time", &result.execution_seconds)?;
        map.serialize_entry("adapter_response", &result.adapter_response)?;
        map.serialize_entry("message", &message(result))?;
        map.serialize_entry("failures", &result.failures)?;
        map.serialize_entry("unique_id", &result.unique_id)?;
        map.serialize_entry("compiled", &has_sql.then_some(result.compiled))?;
        map.serialize_entry("compiled_code", &result.compiled_code.as_deref().filter(|_| has_sql))?;
        map.serialize_entry("relation_name", &result.relation_name.as_deref().filter(|_| has_sql))?;
        map.serialize_entry("batch_results", &result.batches.as_ref().map(batches))?;
        map.end()
    }
}

/// The batches of a model, as pairs of moments.
fn batches(batches: &Batches) -> Json {
    let pairs = |windows: &[Window]| -> Vec<Json> {
        windows.iter().map(|window| json!([whole(window.start), whole(window.end)])).collect()
    };
    json!({"successful": pairs(&batches.successful), "failed": pairs(&batches.failed)})
}

/// A moment with the fraction of its second only where it has one.
fn whole(at: Timestamp) -> String {
    let form = if at.subsec_nanosecond() == 0 { "%Y-%m-%dT%H:%M:%S+00:00" } else { "%Y-%m-%dT%H:%M:%S%.6f+00:00" };
    at.strftime(form).to_string()
}

/// Seeds, exposures and saved queries have no SQL of their own: dbt says nothing of it.
fn has_sql(unique_id: &str) -> bool {
    !["seed.", "exposure.", "saved_query."].iter().any(|kind| unique_id.starts_with(kind))
}

/// The result's message; what its diagnostic says where it has none. What went wrong is told without secrets.
fn message(result: &NodeResult) -> Option<Cow<'_, str>> {
    let told = result.diagnostic.as_ref().filter(|_| result.status != Status::Skipped);
    let message = result.message.as_deref().or_else(|| told.map(|diagnostic| diagnostic.message.as_str()))?;
    Some(match result.status {
        Status::Success | Status::Pass => Cow::Borrowed(message),
        _ => Cow::Owned(scrub(message)),
    })
}

pub(super) fn timing(result: &NodeResult) -> Vec<Json> {
    let steps = [
        ("compile", result.compile_started, result.compile_completed),
        ("execute", result.execute_started, result.execute_completed),
    ];
    steps.into_iter().filter_map(|(name, from, to)| Some(step(name, from?, to?))).collect()
}

fn step(name: &str, from: Timestamp, to: Timestamp) -> Json {
    json!({"name": name, "started_at": moment(from), "completed_at": moment(to)})
}

/// A worker as dbt names it.
pub(super) fn thread_name(thread: usize) -> String {
    if thread == 0 { "main".to_owned() } else { format!("Thread-{thread} (worker)") }
}
