//! The flags that every command takes, and the environment variables that stand for them.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::config::profile::Choice;
use crate::config::yaml;
use crate::diagnostic::Diagnostic;
use crate::report::{Human, JsonLog, Level, Reporter};
use crate::session::{Failure, Options};
use crate::source::SourceMap;

/// Flags that every command takes. Each has its environment variables: `KARAT_TARGET` or `DBT_TARGET` for `--target`.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The project's folder [default: the nearest one above that has a project file]
    #[arg(long, global = true, value_name = "DIR")]
    pub project_dir: Option<PathBuf>,
    /// The folder of profiles.yml [default: the project's folder, then ~/.dbt]
    #[arg(long, global = true, value_name = "DIR")]
    pub profiles_dir: Option<PathBuf>,
    /// The profile to use [default: the one that the project names]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The target of the profile to use
    #[arg(long, short = 't', global = true, value_name = "NAME")]
    pub target: Option<String>,
    /// Where compiled SQL and artifacts go [default: the project's `target-path`]
    #[arg(long, global = true, value_name = "DIR")]
    pub target_path: Option<PathBuf>,
    /// Variables for `var(…)`, as YAML: '{key: value}'
    #[arg(long, global = true, value_name = "YAML")]
    pub vars: Option<String>,
    /// How many nodes run side by side
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Stop at the first failure
    #[arg(long, short = 'x', global = true, overrides_with = "no_fail_fast")]
    pub fail_fast: bool,
    #[arg(long, global = true, hide = true)]
    no_fail_fast: bool,
    /// Say only what went wrong
    #[arg(long, short = 'q', global = true, overrides_with = "no_quiet")]
    pub quiet: bool,
    #[arg(long, global = true, hide = true)]
    no_quiet: bool,
    /// How much to say on stderr: debug, info, warn, error, none
    #[arg(long, global = true, value_name = "LEVEL")]
    pub log_level: Option<Level>,
    /// How to say it: text or json
    #[arg(long, global = true, value_name = "FORMAT", value_parser = ["text", "default", "json", "debug"])]
    pub log_format: Option<String>,
    /// Say everything
    #[arg(long, short = 'd', global = true)]
    pub debug: bool,
    /// Use colours although stderr is no terminal
    #[arg(long, global = true, overrides_with = "no_use_colors")]
    pub use_colors: bool,
    /// Use no colours
    #[arg(long, global = true)]
    pub no_use_colors: bool,
    /// Treat warnings as errors
    #[arg(long, global = true)]
    pub warn_error: bool,
    #[command(flatten)]
    accepted: Accepted,
}

/// Flags of dbt's that have no meaning here. They are accepted so that scripts need no change.
#[derive(Debug, Clone, clap::Args)]
#[allow(clippy::struct_excessive_bools)]
struct Accepted {
    #[arg(long, global = true, hide = true)]
    partial_parse: bool,
    #[arg(long, global = true, hide = true)]
    no_partial_parse: bool,
    #[arg(long, global = true, hide = true)]
    version_check: bool,
    #[arg(long, global = true, hide = true)]
    no_version_check: bool,
    #[arg(long, global = true, hide = true)]
    send_anonymous_usage_stats: bool,
    #[arg(long, global = true, hide = true)]
    no_send_anonymous_usage_stats: bool,
    #[arg(long, global = true, hide = true)]
    static_parser: bool,
    #[arg(long, global = true, hide = true)]
    no_static_parser: bool,
    #[arg(long, global = true, hide = true)]
    use_experimental_parser: bool,
    #[arg(long, global = true, hide = true)]
    no_use_experimental_parser: bool,
    #[arg(long, global = true, hide = true)]
    populate_cache: bool,
    #[arg(long, global = true, hide = true)]
    no_populate_cache: bool,
    #[arg(long, global = true, hide = true)]
    cache_selected_only: bool,
    #[arg(long, global = true, hide = true)]
    no_cache_selected_only: bool,
    #[arg(long, global = true, hide = true)]
    single_threaded: bool,
    #[arg(long, global = true, hide = true)]
    no_single_threaded: bool,
    #[arg(long, global = true, hide = true)]
    macro_debugging: bool,
    #[arg(long, global = true, hide = true)]
    no_macro_debugging: bool,
    #[arg(long, global = true, hide = true)]
    no_debug: bool,
    #[arg(long, global = true, hide = true)]
    use_colors_file: bool,
    #[arg(long, global = true, hide = true)]
    no_use_colors_file: bool,
    #[arg(long, global = true, hide = true)]
    no_print: bool,
    #[arg(long, global = true, hide = true)]
    print: bool,
    #[arg(long, global = true, hide = true)]
    log_cache_events: bool,
    #[arg(long, global = true, hide = true)]
    write_json: bool,
    #[arg(long, global = true, hide = true)]
    introspect: bool,
    #[arg(long, global = true, hide = true)]
    use_fast_test_edges: bool,
    #[arg(long, global = true, hide = true)]
    no_use_fast_test_edges: bool,
    #[arg(long, global = true, hide = true, value_name = "PATH")]
    log_path: Option<PathBuf>,
    #[arg(long, global = true, hide = true, value_name = "LEVEL")]
    log_level_file: Option<String>,
    #[arg(long, global = true, hide = true, value_name = "FORMAT")]
    log_format_file: Option<String>,
    #[arg(long, global = true, hide = true, value_name = "BYTES")]
    log_file_max_bytes: Option<u64>,
    #[arg(long, global = true, hide = true, value_name = "COLUMNS")]
    printer_width: Option<u16>,
    #[arg(long, global = true, hide = true, value_name = "PATH")]
    record_timing_info: Option<PathBuf>,
}

impl GlobalArgs {
    /// Whether packages that ask for another version of dbt are passed over.
    pub fn checks_version(&self) -> bool {
        let default = env_flag("VERSION_CHECK").unwrap_or(true);
        self.accepted.version_check || (!self.accepted.no_version_check && default)
    }
}

/// The value of an environment variable: `KARAT_…` before `DBT_…`; an empty one counts as not set.
pub fn env(name: &str) -> Option<String> {
    ["KARAT_", "DBT_"].iter().filter_map(|prefix| std::env::var(format!("{prefix}{name}")).ok()).find(|v| !v.is_empty())
}

/// A boolean flag of the environment.
fn env_flag(name: &str) -> Option<bool> {
    match env(name)?.to_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
        _ => Some(false),
    }
}

/// A flag of the command line, or its environment variable.
pub fn flag(set: bool, unset: bool, name: &str) -> bool {
    set || (!unset && env_flag(name).unwrap_or(false))
}

impl GlobalArgs {
    /// The level below which nothing is said.
    pub fn level(&self) -> Level {
        if self.is_quiet() {
            return Level::Error;
        }
        if self.debug || env_flag("DEBUG").unwrap_or(false) {
            return Level::Debug;
        }
        self.log_level.or_else(|| env("LOG_LEVEL").and_then(|l| l.parse().ok())).unwrap_or(Level::Info)
    }

    fn is_quiet(&self) -> bool {
        flag(self.quiet, self.no_quiet, "QUIET")
    }

    /// Whether to use colours: `None` leaves it to what stderr is.
    pub fn colors(&self) -> Option<bool> {
        match (self.use_colors, self.no_use_colors) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => env_flag("USE_COLORS").or_else(|| std::env::var_os("NO_COLOR").map(|_| false)),
        }
    }

    /// Whether the first failure ends the run.
    pub fn fails_fast(&self) -> bool {
        flag(self.fail_fast, self.no_fail_fast, "FAIL_FAST")
    }

    /// Whether warnings are errors.
    pub fn warns_error(&self) -> bool {
        flag(self.warn_error, false, "WARN_ERROR")
    }

    /// Who tells the person what happens.
    pub fn reporter(&self, invocation_id: &str) -> Arc<dyn Reporter> {
        let format = self.log_format.clone().or_else(|| env("LOG_FORMAT"));
        match format.as_deref() {
            Some("json") => Arc::new(JsonLog::new(Box::new(std::io::stderr()), self.level(), invocation_id)),
            _ => Arc::new(Human::stderr(self.level(), self.colors())),
        }
    }

    /// What the session needs to know. `which` is the command, `more` its own flags by upper-case name.
    ///
    /// # Errors
    /// `--vars` is no YAML mapping.
    pub fn options(&self, which: &str, more: Map<String, Json>) -> Result<Options, Box<Failure>> {
        let vars = match self.vars.clone().or_else(|| env("VARS")) {
            Some(text) => parse_vars(&text)?,
            None => Map::new(),
        };
        let threads = self.threads.map(usize::from).or_else(|| env("THREADS").and_then(|t| t.parse().ok()));
        let path = |flag: &Option<PathBuf>, name: &str| flag.clone().or_else(|| env(name).map(PathBuf::from));
        let mut flags = self.flags(which, &vars);
        flags.extend(more);
        Ok(Options {
            project_dir: path(&self.project_dir, "PROJECT_DIR"),
            profiles_dir: path(&self.profiles_dir, "PROFILES_DIR"),
            choice: Choice {
                profile: self.profile.clone().or_else(|| env("PROFILE")),
                target: self.target.clone().or_else(|| env("TARGET")),
                threads: threads.filter(|t| *t > 0),
            },
            target_path: path(&self.target_path, "TARGET_PATH"),
            vars,
            flags,
            invocation_id: uuid::Uuid::new_v4().to_string(),
        })
    }

    fn flags(&self, which: &str, vars: &Map<String, Json>) -> Map<String, Json> {
        let command = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
        let flags = json!({
            "WHICH": which, "FULL_REFRESH": false, "STORE_FAILURES": false, "FAIL_FAST": self.fails_fast(),
            "USE_COLORS": self.colors().unwrap_or(true), "QUIET": self.is_quiet(),
            "LOG_LEVEL": self.level().as_str(), "TARGET": self.target, "PROFILE": self.profile,
            "PROFILES_DIR": self.profiles_dir, "PROJECT_DIR": self.project_dir, "VARS": vars, "DEBUG": self.debug,
            "WARN_ERROR": self.warns_error(), "INTROSPECT": true, "PARTIAL_PARSE": false, "VERSION_CHECK": false,
            "PRINT": true, "EMPTY": false, "SEND_ANONYMOUS_USAGE_STATS": false, "WRITE_JSON": true,
            "INVOCATION_COMMAND": format!("karat {command}"),
        });
        match flags {
            Json::Object(map) => map,
            _ => Map::new(),
        }
    }
}

fn parse_vars(text: &str) -> Result<Map<String, Json>, Box<Failure>> {
    let mut sources = SourceMap::default();
    let id = sources.add("--vars", text);
    let bad = |d: Diagnostic, sources: SourceMap| {
        let diagnostics = vec![d.hint("write --vars '{key: value, other: 2}'")];
        Err(Box::new(Failure { diagnostics, sources }))
    };
    match yaml::parse(id, sources.get(id)) {
        Ok(None) => Ok(Map::new()),
        Ok(Some(value)) => match value.as_mapping() {
            Some(map) => Ok(yaml::map_to_json(map)),
            None => bad(
                Diagnostic::error("bad-vars", format!("--vars must be a mapping, and this is {}", yaml::kind(&value)))
                    .at(yaml::span_of(id, &value), ""),
                sources,
            ),
        },
        Err(problem) => bad(Diagnostic { code: "bad-vars", ..*problem }, sources),
    }
}
