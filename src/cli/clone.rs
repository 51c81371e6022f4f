//! `karat clone`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{BuildArgs, Task, execute};
use crate::select;

/// Make models, seeds and snapshots here that read what an earlier run (--state) built elsewhere
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let mut task =
        Task { full_refresh: args.build.full_refresh(), ..Task::new("clone", select::CLONE, &args.selection).builds() };
    task.scope.clones = true;
    execute(global, &task)
}
