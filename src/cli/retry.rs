//! `karat retry`.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::cli::global::GlobalArgs;
use crate::cli::{Cli, Exit, dispatch, project};
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files};
use crate::inputs::{Window, moment};
use crate::load::io_words;
use crate::report::{Batches, Event, Level};

/// Run the command before again, for what failed or was skipped
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Rebuild incremental models and seeds from nothing
    #[arg(long, short = 'f')]
    full_refresh: bool,
}

/// What an earlier run left to do.
#[derive(Debug, Clone, Default)]
pub struct Retry {
    /// Nodes that failed or were skipped.
    pub nodes: HashSet<String>,
    /// Batches of microbatch models of which some were built.
    pub batches: HashMap<String, Batches>,
    /// When that run began.
    pub started: Option<Timestamp>,
}

/// Commands that can be repeated.
const COMMANDS: [&str; 9] =
    ["build", "run", "test", "seed", "snapshot", "clone", "compile", "generate", "run-operation"];

/// Those of them that do all again, or nothing.
const WHOLE: [&str; 2] = ["generate", "run-operation"];

/// What is said where the run before left nothing.
pub const NOTHING_LEFT: &str = "Nothing to do: the run before left nothing.";

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let (base, reporter) = match project::open_base(global, "retry") {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let root = &base.settings.root;
    let folder = global.state.named().unwrap_or_else(|| global.target_folder(&base.settings));
    let earlier = Earlier::read(root, &folder).and_then(|earlier| Ok((earlier.command(global, args)?, earlier)));
    match earlier {
        Ok((mut cli, earlier)) => {
            let left = earlier.left(global.warns_error());
            if left.nodes.is_empty() && WHOLE.contains(&earlier.which()) {
                reporter.event(&Event::Message(Level::Warn, NOTHING_LEFT));
                return 0;
            }
            cli.global.retry = Some(left);
            dispatch(&cli.global.with_project(), &cli.command)
        }
        Err(problem) => {
            project::tell(reporter.as_ref(), &[*problem], &base.sources);
            1
        }
    }
}

/// `run_results.json` of the run to repeat.
struct Earlier {
    json: Json,
}

type Found<T> = Result<T, Box<Diagnostic>>;

impl Earlier {
    fn read(root: &Path, folder: &Path) -> Found<Self> {
        let path = root.join(folder).join("run_results.json");
        let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if !Disk.exists(&path) {
            let message = format!("there is no run to repeat: {shown} is not there");
            let hint = "retry repeats the run that wrote run_results.json into the target folder, or into --state DIR";
            return Err(Box::new(Diagnostic::error("no-state", message).hint(hint)));
        }
        let bad = |why: String| {
            let hint = "it is written by karat and by dbt: take the file of a run that ended";
            Box::new(Diagnostic::error("bad-state", format!("can't use {shown}: {why}")).hint(hint))
        };
        let bytes = Disk.read(&path).map_err(|error| bad(io_words(&error)))?;
        let json: Json = serde_json::from_slice(&bytes).map_err(|error| bad(format!("it is no JSON ({error})")))?;
        let is_whole = json.get("results").is_some_and(Json::is_array) && json.get("args").is_some_and(Json::is_object);
        if is_whole { Ok(Self { json }) } else { Err(bad("it has no `results` and `args`".to_owned())) }
    }

    /// The command that was run.
    fn which(&self) -> &str {
        self.json.pointer("/args/which").and_then(Json::as_str).unwrap_or_default()
    }

    /// The command line of that run, with what `retry` was given.
    fn command(&self, global: &GlobalArgs, args: &Args) -> Found<Cli> {
        let empty = Map::new();
        let earlier = self.json.get("args").and_then(Json::as_object).unwrap_or(&empty);
        let which = self.which();
        if !COMMANDS.contains(&which) {
            let message = format!("the run to repeat was `{which}`, which retry can't repeat");
            let hint = format!("commands that it repeats: {}", COMMANDS.join(", "));
            return Err(Box::new(Diagnostic::error("bad-state", message).hint(hint)));
        }
        let mut line: Vec<OsString> = vec!["karat".into()];
        line.extend((which == "generate").then(|| "docs".into()));
        line.push(which.into());
        if let Some(name) = earlier.get("macro").and_then(Json::as_str) {
            line.push(name.into());
            line.extend(earlier.get("args").map(|args| format!("--args={args}").into()));
        }
        line.extend(options(earlier).into_iter().map(Into::into));
        if args.full_refresh && accepts(which, "--full-refresh") {
            line.push("--full-refresh".into());
        }
        let cli = Cli::try_parse_from(line).map_err(|error| {
            let message = format!("the run to repeat has arguments that can't be read: {}", error.kind());
            Box::new(Diagnostic::error("bad-state", message).note(error.to_string().trim().to_owned()))
        })?;
        Ok(Cli { global: global.over(cli.global), ..cli })
    }

    /// What that run left to do.
    fn left(&self, warnings_too: bool) -> Retry {
        let results = self.json.get("results").and_then(Json::as_array).into_iter().flatten();
        let mut retry = Retry { started: self.started(), ..Retry::default() };
        for result in results {
            let text = |key: &str| result.get(key).and_then(Json::as_str).unwrap_or_default();
            let id = text("unique_id");
            let again = match text("status") {
                "error" | "fail" | "skipped" | "runtime error" | "partial success" => true,
                "warn" => warnings_too,
                _ => false,
            };
            if !again || id.starts_with("operation.") {
                continue;
            }
            retry.nodes.insert(id.to_owned());
            let windows = |key: &str| windows(result.pointer(&format!("/batch_results/{key}")));
            let batches = Batches { successful: windows("successful"), failed: windows("failed") };
            if !batches.successful.is_empty() && !batches.failed.is_empty() {
                retry.batches.insert(id.to_owned(), batches);
            }
        }
        retry
    }

    fn started(&self) -> Option<Timestamp> {
        let at = |key: &str| self.json.pointer(&format!("/metadata/{key}")).and_then(Json::as_str).and_then(moment);
        at("invocation_started_at").or_else(|| at("generated_at"))
    }
}

fn windows(list: Option<&Json>) -> Vec<Window> {
    let list = list.and_then(Json::as_array).into_iter().flatten();
    let at = |pair: &Json, index: usize| pair.get(index).and_then(Json::as_str).and_then(moment);
    list.filter_map(|pair| Some(Window { start: at(pair, 0)?, end: at(pair, 1)? })).collect()
}

/// Settings of a run and the options that they came from.
const OPTIONS: [&str; 21] = [
    "defer",
    "defer_state",
    "empty",
    "event_time_end",
    "event_time_start",
    "exclude",
    "exclude_resource_types",
    "fail_fast",
    "favor_state",
    "full_refresh",
    "indirect_selection",
    "profile",
    "resource_types",
    "sample",
    "select",
    "selector",
    "state",
    "store_failures",
    "target",
    "threads",
    "vars",
];

/// The settings of a run as options.
fn options(earlier: &Map<String, Json>) -> Vec<String> {
    let which = earlier.get("which").and_then(Json::as_str).unwrap_or_default();
    let mut line = Vec::new();
    for key in OPTIONS {
        let option = format!("--{}", key.replace('_', "-"));
        if !accepts(which, &option) {
            continue;
        }
        match earlier.get(key) {
            Some(Json::Bool(true)) => line.push(option),
            Some(Json::String(text)) if !text.is_empty() => line.push(format!("{option}={text}")),
            Some(Json::Number(number)) => line.push(format!("{option}={number}")),
            Some(Json::Array(items)) => {
                line.extend(items.iter().filter_map(Json::as_str).map(|item| format!("{option}={item}")));
            }
            Some(Json::Object(map)) if matches!(key, "vars" | "sample") => {
                line.push(format!("{option}={}", Json::Object(map.clone())))
            }
            _ => {}
        }
    }
    line
}

/// Whether a command has an option.
fn accepts(which: &str, option: &str) -> bool {
    use clap::CommandFactory;
    let cli = Cli::command();
    let name = option.trim_start_matches('-');
    let has = |command: &clap::Command| {
        let mut names = command.get_arguments().flat_map(|arg| arg.get_long_and_visible_aliases().unwrap_or_default());
        names.any(|long| long == name)
            || command.get_arguments().any(|arg| arg.get_all_aliases().unwrap_or_default().contains(&name))
    };
    has(&cli) || cli.find_subcommand(which).is_some_and(has)
}
