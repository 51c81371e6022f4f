//! The files that other programs read: `manifest.json` (v12) and `run_results.json` (v6), as dbt 1.11 writes them.
//!
//! They are written straight from the graph: nothing is copied into a second tree first.

mod columns;
mod config;
mod input;
mod lazy;
mod manifest;
mod node;
mod others;
mod paths;
mod run_results;

use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::result::RunReport;
use crate::files::Files;

pub use input::{Compiled, DocBlock, GroupInfo, MacroArgument, MacroInfo, ManifestInput, Metadata};
pub use paths::{compiled_path, run_path};

/// The dbt whose artifacts these are.
pub const DBT_VERSION: &str = "1.11.16";

/// The bytes of `manifest.json`.
///
/// # Errors
/// None that a manifest of well-formed nodes can cause.
pub fn manifest(input: &ManifestInput<'_>) -> io::Result<Vec<u8>> {
    let size = 4096 * (input.graph.len() + input.disabled.len() + input.macros.len() / 4 + 1);
    encode(&manifest::Manifest(input), size)
}

/// The bytes of `run_results.json`. `env` is what the environment sets by `DBT_ENV_CUSTOM_ENV_…`.
///
/// # Errors
/// None that a report can cause.
pub fn run_results(report: &RunReport, env: &serde_json::Map<String, serde_json::Value>) -> io::Result<Vec<u8>> {
    encode(&run_results::RunResults { report, env }, 2048 * (report.results.len() + 1))
}

/// Writes `manifest.json` into the target folder.
///
/// # Errors
/// Whatever the system says.
pub fn write_manifest(files: &dyn Files, target: &Path, input: &ManifestInput<'_>) -> io::Result<()> {
    files.write(&target.join("manifest.json"), &manifest(input)?)
}

/// Writes `run_results.json` into the target folder.
///
/// # Errors
/// Whatever the system says.
pub fn write_run_results(
    files: &dyn Files,
    target: &Path,
    report: &RunReport,
    env: &serde_json::Map<String, serde_json::Value>,
) -> io::Result<()> {
    files.write(&target.join("run_results.json"), &run_results(report, env)?)
}

fn encode(value: &impl Serialize, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size);
    serde_json::to_writer(&mut bytes, value)?;
    Ok(bytes)
}

/// A moment as artifacts write it: `2026-01-01T10:00:00.123456Z`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
