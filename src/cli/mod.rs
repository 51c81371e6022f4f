//! The command line: one file for each command, whose doc comment is its help.

mod accepted;
mod build;
mod clean;
mod clone;
mod compile;
mod debug;
mod deps;
mod docs;
mod explain;
mod global;
mod init;
mod inputs;
mod list;
mod manifest;
mod parse;
mod project;
mod recorded;
mod retry;
mod run;
mod run_operation;
mod seed;
mod selection;
mod show;
mod signals;
mod snapshot;
mod source;
mod state;
mod tasks;
mod test;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::report::Event;
use crate::source::SourceMap;
use global::GlobalArgs;

/// Build and test SQL models: dbt's language, compiled and run by one program.
#[derive(Debug, Parser)]
#[command(
    name = "karat",
    version,
    propagate_version = true,
    disable_version_flag = true,
    max_term_width = 110,
    args_override_self = true
)]
struct Cli {
    /// Print version
    #[arg(long, short = 'V', short_alias = 'v', global = true, action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Debug(debug::Args),
    Deps(deps::Args),
    Parse(parse::Args),
    #[command(name = "ls", visible_alias = "list")]
    List(list::Args),
    Compile(compile::Args),
    Show(show::Args),
    Seed(seed::Args),
    Snapshot(snapshot::Args),
    Run(run::Args),
    Test(test::Args),
    Build(build::Args),
    Docs(docs::Args),
    Retry(retry::Args),
    #[command(name = "run-operation")]
    RunOperation(run_operation::Args),
    Source(source::Args),
    Clone(clone::Args),
    Clean(clean::Args),
    Explain(explain::Args),
}

/// How a command ended: 0 all went well, 1 something failed, 2 the command line is wrong, 128 + n stopped by a signal.
pub(crate) type Exit = u8;

/// Runs the program with these arguments.
pub fn main(args: Vec<OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|defect| {
        let _ =
            writeln!(std::io::stderr(), "{defect}\nThis is a defect of karat: please report it, with what you ran.");
    }));
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    if let Err(problem) = global::check_environment() {
        cli.global.reporter("").event(&Event::Diagnostic(&problem, &SourceMap::default()));
        return ExitCode::from(2);
    }
    ExitCode::from(dispatch(&cli.global.with_project(), &cli.command))
}

/// Runs a command.
fn dispatch(global: &GlobalArgs, command: &Command) -> Exit {
    match command {
        Command::Init(args) => init::run(global, args),
        Command::Debug(args) => debug::run(global, args),
        Command::Deps(args) => deps::run(global, args),
        Command::Parse(args) => parse::run(global, args),
        Command::List(args) => list::run(global, args),
        Command::Compile(args) => compile::run(global, args),
        Command::Show(args) => show::run(global, args),
        Command::Seed(args) => seed::run(global, args),
        Command::Snapshot(args) => snapshot::run(global, args),
        Command::Run(args) => run::run(global, args),
        Command::Test(args) => test::run(global, args),
        Command::Build(args) => build::run(global, args),
        Command::RunOperation(args) => run_operation::run(global, args),
        Command::Source(args) => source::run(global, args),
        Command::Clone(args) => clone::run(global, args),
        Command::Clean(args) => clean::run(global, args),
        Command::Explain(args) => explain::run(global, args),
        Command::Docs(args) => docs::run(global, args),
        Command::Retry(args) => retry::run(global, args),
    }
}
