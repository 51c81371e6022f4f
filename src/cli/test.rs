//! `karat test`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{Task, TestArgs, execute};
use crate::select;

/// Run data tests
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    test: TestArgs,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let task = Task { store_failures: args.test.store_failures(), ..Task::new("test", select::TEST, &args.selection) };
    execute(global, &task)
}
