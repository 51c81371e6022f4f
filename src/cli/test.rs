//! `karat test`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::tasks::{Task, TestArgs, execute};
use crate::inputs::Inputs;
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
    let task = Task {
        command: "test",
        scope: Scope { works_on: select::TEST, ..Scope::default() },
        selection: &args.selection,
        full_refresh: false,
        store_failures: args.test.store_failures(),
        inputs: Inputs::default(),
        sources: None,
    };
    execute(global, &task)
}
