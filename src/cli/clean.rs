//! `karat clean`.

use std::path::Path;

use crate::cli::global::GlobalArgs;
use crate::cli::{Exit, project};
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files, normal};
use crate::report::{Event, Level};

/// Remove the folders that `clean-targets` of the project names
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Accepted for dbt's sake: nothing outside of the project is ever removed
    #[arg(long, hide = true)]
    clean_project_files_only: bool,
    #[arg(long, hide = true)]
    no_clean_project_files_only: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, _: &Args) -> Exit {
    let (base, reporter) = match project::open_base(global, "clean") {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let settings = &base.settings;
    let mut problems = Vec::new();
    for target in &settings.clean_targets {
        let path = settings.root.join(target);
        if let Some(problem) = refusal(&path, target, settings) {
            problems.push(problem);
            continue;
        }
        match Disk.remove_folder(&path) {
            Ok(()) => reporter.event(&Event::Message(Level::Info, &format!("Cleaned {target}"))),
            Err(error) => problems.push(
                Diagnostic::error("unreadable-file", format!("can't remove {target}: {error}"))
                    .hint("check who may write there"),
            ),
        }
    }
    project::tell(reporter.as_ref(), &problems, &base.sources);
    Exit::from(!problems.is_empty())
}

/// Why a folder must not be removed: it is outside of the project, or holds its sources.
fn refusal(path: &Path, target: &str, settings: &crate::config::project::ProjectSettings) -> Option<Diagnostic> {
    let resolved = normal(path);
    let root = normal(&settings.root);
    let refuse = |why: &str| {
        Some(
            Diagnostic::error("unsafe-clean-target", format!("`{target}` of clean-targets {why}"))
                .hint("clean-targets name folders below the project that hold only what karat makes"),
        )
    };
    if resolved == root || !resolved.starts_with(&root) {
        return refuse("is not below the project");
    }
    let p = &settings.paths;
    let sources = [&p.models, &p.seeds, &p.tests, &p.snapshots, &p.analyses, &p.macros];
    let holds = |folder: &String| normal(&settings.root.join(folder)).starts_with(&resolved);
    if sources.into_iter().flatten().any(holds) {
        return refuse("holds sources of the project");
    }
    None
}
