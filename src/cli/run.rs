//! `karat run`.

use crate::cli::global::GlobalArgs;
use crate::cli::inputs::{EmptyArgs, TimeArgs};
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{BuildArgs, Task, execute};
use crate::cli::{Exit, project};
use crate::select;

/// Build models
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    empty: EmptyArgs,
    #[command(flatten)]
    time: TimeArgs,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let inputs = match args.time.read(args.empty.is_empty()) {
        Ok(inputs) => inputs,
        Err(problem) => return project::refuse(global, &problem),
    };
    let task = Task {
        full_refresh: args.build.full_refresh(),
        inputs,
        ..Task::new("run", select::RUN, &args.selection).builds()
    };
    execute(global, &task)
}
