//! `karat docs`.

mod generate;
mod serve;

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;

/// Make and show the documentation of the project
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
enum Task {
    Generate(generate::Args),
    Serve(serve::Args),
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    match &args.task {
        Task::Generate(args) => generate::run(global, args),
        Task::Serve(args) => serve::run(global, args),
    }
}

/// The page that shows `manifest.json` and `catalog.json`.
const PAGE: &str = include_str!("index.html");
