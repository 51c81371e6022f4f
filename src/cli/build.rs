//! `karat build`.

use crate::cli::global::GlobalArgs;
use crate::cli::inputs::{EmptyArgs, TimeArgs};
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{BuildArgs, Task, TestArgs, execute};
use crate::cli::{Exit, project};
use crate::select;

/// Build models and seeds and run data tests, each test as soon as what it tests is built
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
    #[command(flatten)]
    test: TestArgs,
    /// Accepted for dbt's sake: `karat show --select SEED` prints the rows of a seed
    #[arg(long, hide = true)]
    show: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let inputs = match args.time.read(args.empty.is_empty()) {
        Ok(inputs) => inputs,
        Err(problem) => return project::refuse(global, &problem),
    };
    let task = Task {
        full_refresh: args.build.full_refresh(),
        store_failures: args.test.store_failures(),
        inputs,
        ..Task::new("build", select::BUILD, &args.selection).builds()
    };
    execute(global, &task)
}
