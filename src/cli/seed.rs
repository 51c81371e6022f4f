//! `karat seed`.

use karat_adapters::{Adapter, AdapterError};

use crate::cli::Exit;
use crate::cli::global::GlobalArgs;
use crate::cli::project::{colored_stdout, print_line};
use crate::cli::selection::SelectionArgs;
use crate::cli::tasks::{BuildArgs, Task, execute};
use crate::diagnostic::Diagnostic;
use crate::execute::connect_error;
use crate::node::ResourceType;
use crate::report::{Event, Level, Reporter, RunReport, table};
use crate::session::Session;

/// Load CSV files into tables
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    build: BuildArgs,
    /// Print the first rows of each seed that was loaded
    #[arg(long)]
    show: bool,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let task = Task {
        full_refresh: args.build.full_refresh(),
        shows: args.show,
        ..Task::new("seed", &[ResourceType::Seed], &args.selection).builds()
    };
    execute(global, &task)
}

/// How many rows of a seed are printed.
const SHOWN: usize = 10;

/// Prints the first rows of each seed that was loaded.
///
/// # Errors
/// The warehouse does not give them.
pub fn show(
    global: &GlobalArgs,
    session: &Session,
    adapter: &dyn Adapter,
    report: &RunReport,
    reporter: &dyn Reporter,
) -> Result<(), Diagnostic> {
    let fail = |error: AdapterError| connect_error(&error);
    let mut connection = adapter.connect().map_err(fail)?;
    let loaded = report.results.iter().filter(|result| !result.status.is_failure());
    for node in loaded.filter_map(|result| session.graph.get(&result.unique_id)) {
        let Some(relation) = node.relation_name.as_ref().filter(|_| node.resource_type == ResourceType::Seed) else {
            continue;
        };
        let rows = connection.query_limited(&format!("select * from {relation}"), Some(SHOWN)).map_err(fail)?;
        reporter.event(&Event::Message(Level::Info, &format!("Rows of {}:", node.name)));
        print_line(table::text(&rows, colored_stdout(global)).trim_end());
    }
    Ok(())
}
