//! The files that other programs read: `manifest.json` (v12) and `run_results.json` (v6), as dbt 1.11 writes them.
//!
//! They are written straight from the graph: nothing is copied into a second tree first.

mod catalog;
mod columns;
mod config;
mod entry;
mod input;
mod lazy;
mod manifest;
mod node;
mod others;
mod paths;
mod run_results;
mod semantic;
mod sources;
mod unit;

use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::result::RunReport;
use crate::files::Files;
use crate::graph::Graph;

pub use catalog::Catalog;
pub(crate) use columns::contract_checksum;
pub use entry::entry;
pub use input::{Compiled, DocBlock, GroupInfo, MacroArgument, MacroInfo, ManifestInput, Metadata};
pub use others::group;
pub use paths::{compiled_path, run_path};
pub use run_results::ResultEntry;

/// The dbt whose artifacts these are.
pub const DBT_VERSION: &str = "1.11.16";

/// Writes `manifest.json` into the target folder, piece by piece: that of a large project is larger than the project.
///
/// # Errors
/// Whatever the system says.
pub fn write_manifest(files: &dyn Files, target: &Path, input: &ManifestInput<'_>) -> io::Result<()> {
    files.write_with(&target.join("manifest.json"), &mut |out| {
        Ok(serde_json::to_writer(out, &manifest::Manifest(input))?)
    })
}

/// Writes `semantic_manifest.json` into the target folder.
///
/// # Errors
/// Whatever the system says.
pub fn write_semantic_manifest(files: &dyn Files, target: &Path, graph: &Graph) -> io::Result<()> {
    let json = semantic::semantic_manifest(graph);
    files.write(&target.join("semantic_manifest.json"), json.to_string().as_bytes())
}

/// Writes `run_results.json` into the target folder. `env` is what the environment sets by `DBT_ENV_CUSTOM_ENV_…`.
///
/// # Errors
/// Whatever the system says.
pub fn write_run_results(
    files: &dyn Files,
    target: &Path,
    report: &RunReport,
    env: &serde_json::Map<String, serde_json::Value>,
) -> io::Result<()> {
    let results = run_results::RunResults { report, env };
    files.write_with(&target.join("run_results.json"), &mut |out| Ok(serde_json::to_writer(out, &results)?))
}

/// Writes what is known of the freshness of sources: the form of `sources.json`.
///
/// # Errors
/// Whatever the system says.
pub fn write_sources(
    files: &dyn Files,
    path: &Path,
    report: &RunReport,
    env: &serde_json::Map<String, serde_json::Value>,
) -> io::Result<()> {
    let sources = sources::Sources { report, env };
    files.write_with(path, &mut |out| Ok(serde_json::to_writer(out, &sources)?))
}

/// A moment as artifacts write it: `2026-01-01T10:00:00.123456Z`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
