//! `karat snapshot`.

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::inputs::EmptyArgs;
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{Task, execute};
use crate::inputs::Inputs;
use crate::node::ResourceType;

/// Take snapshots: note how the rows of changing tables were, and from when to when
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    empty: EmptyArgs,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let task = Task {
        inputs: Inputs { empty: args.empty.is_empty(), ..Inputs::default() },
        ..Task::new("snapshot", &[ResourceType::Snapshot], &args.selection)
    };
    execute(global, &task)
}
