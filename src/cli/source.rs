//! `karat source freshness`.

use std::path::PathBuf;

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{self, Task};
use crate::select;

/// Ask about sources
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    #[command(alias = "snapshot-freshness")]
    Freshness(FreshnessArgs),
}

/// Check that source tables were loaded lately, and write sources.json
#[derive(Debug, clap::Args)]
struct FreshnessArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    /// Where to write the results [default: sources.json in the target folder]
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let Question::Freshness(args) = &args.question;
    let task =
        Task { sources: Some(args.output.clone()), ..Task::new("freshness", select::FRESHNESS, &args.selection) };
    tasks::execute(global, &task)
}
