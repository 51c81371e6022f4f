//! `karat seed`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{BuildArgs, Task, execute};
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
        full_refresh: args.build.full_refresh(),
        ..Task::new("seed", &[ResourceType::Seed], &args.selection).builds()
    };
    execute(global, &task)
}
