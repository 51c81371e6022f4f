//! `karat build`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::tasks::{BuildArgs, Task, TestArgs, execute};
use crate::select;

/// Build models and seeds and run data tests, each test as soon as what it tests is built
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    test: TestArgs,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let task = Task {
        command: "build",
        scope: Scope { works_on: select::BUILD, builds: true, ..Scope::default() },
        selection: &args.selection,
        full_refresh: args.build.full_refresh(),
        store_failures: args.test.store_failures(),
    };
    execute(global, &task)
}
