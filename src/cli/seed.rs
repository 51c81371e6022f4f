//! `karat seed`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::{Scope, SelectionArgs};
use crate::cli::tasks::{BuildArgs, Task, execute};
use crate::inputs::Inputs;
use crate::node::ResourceType;

/// Load CSV files into tables
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
    /// Accepted for dbt's sake: `karat show --select SEED` prints the rows of a seed
    #[arg(long, hide = true)]
    show: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let task = Task {
        command: "seed",
        scope: Scope { works_on: &[ResourceType::Seed], builds: true, ..Scope::default() },
        selection: &args.selection,
        full_refresh: args.build.full_refresh(),
        store_failures: false,
        inputs: Inputs::default(),
        sources: None,
    };
    execute(global, &task)
}
