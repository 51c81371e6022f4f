//! Flags of dbt's that have no meaning here. They are accepted so that scripts need no change.

use clap::{Arg, ArgAction, ArgMatches, Command};

/// Each with its `--no-` form.
macro_rules! switches {
    ($($name:literal)*) => { [$($name, concat!("no-", $name)),*] };
}

const SWITCHES: [&str; 34] = switches![
    "cache-selected-only"
    "export-saved-queries"
    "include-saved-query"
    "inject-ephemeral-ctes"
    "log-cache-events"
    "macro-debugging"
    "partial-parse"
    "partial-parse-file-diff"
    "populate-cache"
    "send-anonymous-usage-stats"
    "show-all-deprecations"
    "show-resource-report"
    "static-parser"
    "upload-to-artifacts-ingest-api"
    "use-colors-file"
    "use-experimental-parser"
    "use-fast-test-edges"
];

/// Each with a value.
const VALUES: [&str; 11] = [
    "deprecated-defer",
    "deprecated-favor-state",
    "deprecated-state",
    "log-file-max-bytes",
    "log-format-file",
    "log-level-file",
    "log-path",
    "partial-parse-file-path",
    "printer-width",
    "record-timing-info",
    "sqlparse",
];

/// They say nothing.
#[derive(Debug, Clone)]
pub struct Accepted;

impl clap::Args for Accepted {
    fn augment_args(mut command: Command) -> Command {
        let hidden = |name: &'static str| Arg::new(name).long(name).global(true).hide(true);
        for name in SWITCHES {
            command = command.arg(hidden(name).action(ArgAction::SetTrue));
        }
        for name in VALUES {
            let arg = hidden(name).value_name("VALUE");
            command = command.arg(if name == "record-timing-info" { arg.short('r') } else { arg });
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Accepted {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}
