//! `sources.json`: how old the rows of source tables are.

use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::lazy::List;
use super::run_results::{metadata, thread_name, timing};
use crate::freshness::Found;
use crate::report::result::{NodeResult, RunReport};

/// Writes it.
pub(super) struct Sources<'a> {
    pub report: &'a RunReport,
    pub env: &'a serde_json::Map<String, serde_json::Value>,
}

impl Serialize for Sources<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let found = || report.results.iter().filter_map(|result| Some(Entry(result, result.freshness.as_ref()?)));
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("metadata", &metadata("sources/v3", report, self.env))?;
        map.serialize_entry("results", &List(found))?;
        map.serialize_entry("elapsed_time", &report.elapsed)?;
        map.end()
    }
}

struct Entry<'a>(&'a NodeResult, &'a Found);

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(result, found) = self;
        let mut map = serializer.serialize_map(Some(10))?;
        map.serialize_entry("unique_id", &result.unique_id)?;
        map.serialize_entry("max_loaded_at", &moment(found.loaded_at))?;
        map.serialize_entry("snapshotted_at", &moment(found.looked_at))?;
        map.serialize_entry("max_loaded_at_time_ago_in_s", &found.age())?;
        map.serialize_entry("status", result.status.as_str())?;
        map.serialize_entry("criteria", &found.limits)?;
        map.serialize_entry("adapter_response", &result.adapter_response)?;
        map.serialize_entry("timing", &timing(result))?;
        map.serialize_entry("thread_id", &thread_name(result.thread))?;
        map.serialize_entry("execution_time", &result.execution_seconds)?;
        map.end()
    }
}

/// `2026-01-01T10:00:00.123456+00:00`; without a fraction where that is nought.
fn moment(at: Timestamp) -> String {
    let has_fraction = at.as_microsecond().rem_euclid(1_000_000) != 0;
    at.strftime(if has_fraction { "%Y-%m-%dT%H:%M:%S%.6f+00:00" } else { "%Y-%m-%dT%H:%M:%S+00:00" }).to_string()
}
