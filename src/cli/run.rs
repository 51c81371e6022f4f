//! `karat run`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::tasks::{BuildArgs, Task, execute};
use crate::select;

/// Build models
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let task = Task {
        command: "run",
        scope: Scope { works_on: select::RUN, builds: true, ..Scope::default() },
        selection: &args.selection,
        full_refresh: args.build.full_refresh(),
        store_failures: false,
    };
    execute(global, &task)
}
