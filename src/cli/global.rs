//! The flags that every command takes, and the environment variables that stand for them.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::cli::accepted::Accepted;
use crate::cli::retry::Retry;
use crate::cli::state::StateArgs;
use crate::config::profile::Choice;
use crate::config::project::{ProjectSettings, RawProject};
use crate::config::yaml;
use crate::diagnostic::Diagnostic;
use crate::files::Disk;
use crate::inputs::Inputs;
use crate::report::{Human, JsonLog, Level, Reporter};
use crate::session::{Failure, Options, project_root};
use crate::source::{SourceMap, Span};
use crate::warn_errors::WarnErrors;

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
    #[arg(long, short = 'd', global = true, overrides_with = "no_debug")]
    pub debug: bool,
    #[arg(long, global = true, hide = true)]
    no_debug: bool,
    /// Use colours although stderr is no terminal
    #[arg(long, global = true, overrides_with = "no_use_colors")]
    pub use_colors: bool,
    /// Use no colours
    #[arg(long, global = true)]
    pub no_use_colors: bool,
    /// Treat warnings as errors
    #[arg(long, global = true)]
    pub warn_error: bool,
    /// Which warnings are errors, as YAML: '{error: all, warn: [code], silence: [code]}'
    #[arg(long, global = true, value_name = "YAML")]
    pub warn_error_options: Option<String>,
    /// Do not print what templates `print`
    #[arg(long, global = true, overrides_with_all = ["print", "deprecated_no_print"])]
    no_print: bool,
    #[arg(long, global = true, hide = true)]
    print: bool,
    #[arg(long, global = true, hide = true)]
    deprecated_no_print: bool,
    #[arg(long, global = true, hide = true)]
    deprecated_print: bool,
    /// Write no artifacts
    #[arg(long, global = true, overrides_with = "write_json")]
    no_write_json: bool,
    #[arg(long, global = true, hide = true)]
    write_json: bool,
    /// One node at a time
    #[arg(long, global = true, hide = true, overrides_with = "no_single_threaded")]
    single_threaded: bool,
    #[arg(long, global = true, hide = true)]
    no_single_threaded: bool,
    /// Which data tests come along: eager, cautious, buildable, empty
    #[arg(long, global = true, value_name = "MODE", help_heading = "Selection")]
    pub indirect_selection: Option<String>,
    #[command(flatten)]
    pub state: StateArgs,
    #[arg(long, global = true, hide = true, overrides_with = "no_version_check")]
    version_check: bool,
    #[arg(long, global = true, hide = true)]
    no_version_check: bool,
    #[command(flatten)]
    accepted: Accepted,
    /// `flags:` of the project file.
    #[arg(skip)]
    project: Map<String, Json>,
    /// What an earlier run left to do: nothing else is done.
    #[arg(skip)]
    pub retry: Option<Retry>,
}

/// The value of an environment variable: `KARAT_…` before `DBT_…`; an empty one counts as not set.
pub fn env(name: &str) -> Option<String> {
    let prefixes = ["KARAT_", "DBT_ENGINE_", "DBT_"];
    prefixes.iter().filter_map(|prefix| std::env::var(format!("{prefix}{name}")).ok()).find(|v| !v.is_empty())
}

/// A boolean flag of the environment.
fn env_flag(name: &str) -> Option<bool> {
    truth(&env(name)?)
}

/// The spellings of true and false.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// A flag of the command line, or its environment variable.
pub fn flag(set: bool, unset: bool, name: &str) -> bool {
    set || (!unset && env_flag(name).unwrap_or(false))
}

/// Flags that are true or false in the environment.
const SWITCHES: [&str; 15] = [
    "DEBUG",
    "DEFER",
    "EMPTY",
    "FAIL_FAST",
    "FAVOR_STATE",
    "FULL_REFRESH",
    "INTROSPECT",
    "NO_PRINT",
    "PRINT",
    "QUIET",
    "SINGLE_THREADED",
    "STORE_FAILURES",
    "USE_COLORS",
    "WARN_ERROR",
    "WRITE_JSON",
];

/// What is neither true nor false and should be.
///
/// # Errors
/// A variable of the environment for a flag has a value that is no flag's.
pub fn check_environment() -> Result<(), Box<Diagnostic>> {
    match SWITCHES.iter().find_map(|name| Some((name, env(name).filter(|value| truth(value).is_none())?))) {
        None => Ok(()),
        Some((name, value)) => {
            let message = format!("the environment variable for {name} is `{value}`, which is neither true nor false");
            let hint = format!("set DBT_{name} or KARAT_{name} to true or false, or unset it");
            Err(Box::new(Diagnostic::error("bad-env-flag", message).hint(hint)))
        }
    }
}

impl GlobalArgs {
    /// Takes the `flags:` of the project file, which stand behind those of the command line and the environment.
    /// What is wrong with the file is said when the project is read.
    #[must_use]
    pub fn with_project(mut self) -> Self {
        let folder = self.project_dir.clone().or_else(|| env("PROJECT_DIR").map(PathBuf::from));
        let root = project_root(&Disk, folder.as_deref());
        let raw = RawProject::read(&Disk, &mut SourceMap::default(), &root, &root).ok();
        if let Some(Json::Object(flags)) = raw.and_then(|raw| raw.value.get("flags").map(yaml::to_json)) {
            self.project = flags;
        }
        self
    }

    /// The flags of an earlier invocation under those of this one, which say where things are and how to speak.
    #[must_use]
    pub fn over(&self, earlier: Self) -> Self {
        Self {
            target: self.target.clone().or(earlier.target),
            profile: self.profile.clone().or(earlier.profile),
            vars: self.vars.clone().or(earlier.vars),
            threads: self.threads.or(earlier.threads),
            fail_fast: self.fail_fast || earlier.fail_fast,
            indirect_selection: earlier.indirect_selection,
            state: earlier.state,
            ..self.clone()
        }
    }

    /// The settings as artifacts tell them.
    pub fn recorded(&self) -> Map<String, Json> {
        let own = [
            ("target", Json::from(self.target.clone().or_else(|| env("TARGET")))),
            ("profile", Json::from(self.profile.clone().or_else(|| env("PROFILE")))),
            ("fail_fast", Json::from(self.fails_fast())),
            ("warn_error", Json::from(self.warns_error())),
            ("quiet", Json::from(self.is_quiet())),
            ("indirect_selection", Json::from(self.indirect())),
            ("invocation_command", Json::from(invocation())),
            ("threads", Json::from(self.thread_count())),
            ("warn_error_options", self.recorded_warn_errors()),
        ];
        own.into_iter().chain(self.state.recorded()).map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// A switch: the command line, then the environment, then the project.
    fn switch(&self, set: bool, unset: bool, name: &str) -> Option<bool> {
        match (set, unset) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => env_flag(name).or_else(|| self.project.get(&name.to_lowercase())?.as_bool()),
        }
    }

    /// Whether somebody says how much is printed; that is meant for log files too.
    pub fn sets_log_level(&self) -> bool {
        self.log_level.is_some() || self.setting("LOG_LEVEL").is_some()
    }

    /// `--indirect-selection`.
    fn indirect(&self) -> String {
        let set = self.indirect_selection.clone().or_else(|| self.setting("INDIRECT_SELECTION"));
        set.unwrap_or_else(|| "eager".to_owned())
    }

    /// A setting of the environment, then of the project.
    pub fn setting(&self, name: &str) -> Option<String> {
        env(name).or_else(|| self.project.get(&name.to_lowercase())?.as_str().map(str::to_owned))
    }

    /// The level below which nothing is said.
    pub fn level(&self) -> Level {
        if self.is_quiet() {
            return Level::Error;
        }
        if self.debugs() {
            return Level::Debug;
        }
        self.log_level.or_else(|| self.setting("LOG_LEVEL")?.parse().ok()).unwrap_or(Level::Info)
    }

    fn debugs(&self) -> bool {
        self.switch(self.debug, self.no_debug, "DEBUG").unwrap_or(false)
    }

    /// Whether only errors are said.
    pub fn is_quiet(&self) -> bool {
        self.switch(self.quiet, self.no_quiet, "QUIET").unwrap_or(false)
    }

    /// Whether to use colours: `None` leaves it to what stderr is.
    pub fn colors(&self) -> Option<bool> {
        let no_color = || std::env::var_os("NO_COLOR").map(|_| false);
        self.switch(self.use_colors, self.no_use_colors, "USE_COLORS").or_else(no_color)
    }

    /// Whether the first failure ends the run.
    pub fn fails_fast(&self) -> bool {
        self.switch(self.fail_fast, self.no_fail_fast, "FAIL_FAST").unwrap_or(false)
    }

    /// Whether `print` of templates prints.
    pub fn prints(&self) -> bool {
        let (yes, no) = (self.print || self.deprecated_print, self.no_print || self.deprecated_no_print);
        self.switch(yes, no, "PRINT").unwrap_or_else(|| !env_flag("NO_PRINT").unwrap_or(false))
    }

    /// Whether packages that ask for another version of dbt are passed over.
    pub fn checks_version(&self) -> bool {
        self.switch(self.version_check, self.no_version_check, "VERSION_CHECK").unwrap_or(true)
    }

    /// Whether artifacts are written.
    pub fn writes_json(&self) -> bool {
        self.switch(self.write_json, self.no_write_json, "WRITE_JSON").unwrap_or(true)
    }

    /// Whether all warnings are errors.
    pub fn warns_error(&self) -> bool {
        self.switch(self.warn_error, false, "WARN_ERROR").unwrap_or(false)
    }

    /// Which warnings are errors.
    ///
    /// # Errors
    /// The options are no mapping, or hold what they can't.
    pub fn warn_errors(&self) -> Result<WarnErrors, Box<Failure>> {
        let given = self.warn_error_options.clone().or_else(|| env("WARN_ERROR_OPTIONS"));
        let options = match &given {
            Some(text) => parse_map("--warn-error-options", "bad-warn-error-options", text)?,
            None => self.project.get("warn_error_options").and_then(Json::as_object).cloned().unwrap_or_default(),
        };
        let found = match self.warns_error() {
            true if !options.is_empty() => {
                let message = "--warn-error and --warn-error-options can't both be given";
                Err(Diagnostic::error("bad-warn-error-options", message)
                    .hint("--warn-error-options '{error: all}' is the same as --warn-error"))
            }
            true => return Ok(WarnErrors::all()),
            false => WarnErrors::new(&options),
        };
        found.map_err(|problem| {
            let mut sources = SourceMap::default();
            let problem = match given {
                Some(text) => {
                    let id = sources.add("--warn-error-options", text.as_str());
                    problem.at(Span::new(id, 0, text.len()), "")
                }
                None => problem.note("in `flags:` of the project file, under `warn_error_options`"),
            };
            Box::new(Failure { diagnostics: vec![problem], sources })
        })
    }

    /// `--warn-error-options` by its present names, with all of them.
    fn recorded_warn_errors(&self) -> Json {
        let given = self.warn_error_options.clone().or_else(|| env("WARN_ERROR_OPTIONS"));
        let options = given.and_then(|text| parse_map("--warn-error-options", "bad-warn-error-options", &text).ok());
        let options = options.or_else(|| self.project.get("warn_error_options")?.as_object().cloned());
        let of = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| options.as_ref()?.get(*name));
            found.cloned().unwrap_or_else(|| Json::Array(Vec::new()))
        };
        json!({"error": of(["error", "include"]), "warn": of(["warn", "exclude"]), "silence": of(["silence", "silence"])})
    }

    fn thread_count(&self) -> Option<usize> {
        if self.switch(self.single_threaded, self.no_single_threaded, "SINGLE_THREADED") == Some(true) {
            return Some(1);
        }
        let threads = self.threads.map(usize::from).or_else(|| env("THREADS")?.parse().ok());
        threads.filter(|threads| *threads > 0)
    }

    /// Who tells the person what happens.
    pub fn reporter(&self, invocation_id: &str) -> Arc<dyn Reporter> {
        let format = self.log_format.clone().or_else(|| self.setting("LOG_FORMAT"));
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
            Some(text) => parse_map("--vars", "bad-vars", &text)?,
            None => Map::new(),
        };
        let path = |flag: &Option<PathBuf>, name: &str| flag.clone().or_else(|| env(name).map(PathBuf::from));
        let mut flags = self.flags(which, &vars);
        flags.extend(more);
        Ok(Options {
            project_dir: path(&self.project_dir, "PROJECT_DIR"),
            profiles_dir: path(&self.profiles_dir, "PROFILES_DIR"),
            choice: Choice {
                profile: self.profile.clone().or_else(|| env("PROFILE")),
                target: self.target.clone().or_else(|| env("TARGET")),
                threads: self.thread_count(),
            },
            target_path: path(&self.target_path, "TARGET_PATH"),
            vars,
            flags,
            invocation_id: uuid::Uuid::new_v4().to_string(),
            inputs: Inputs::default(),
            warn_errors: self.warn_errors()?,
        })
    }

    /// Where artifacts go, relative to the project.
    pub fn target_folder(&self, settings: &ProjectSettings) -> PathBuf {
        let named = self.target_path.clone().or_else(|| env("TARGET_PATH").map(PathBuf::from));
        named.unwrap_or_else(|| PathBuf::from(&settings.target_path))
    }

    fn flags(&self, which: &str, vars: &Map<String, Json>) -> Map<String, Json> {
        let flags = json!({
            "WHICH": which, "FULL_REFRESH": false, "STORE_FAILURES": false, "FAIL_FAST": self.fails_fast(),
            "USE_COLORS": self.colors().unwrap_or(true), "QUIET": self.is_quiet(),
            "LOG_LEVEL": self.level().as_str(), "TARGET": self.target, "PROFILE": self.profile,
            "PROFILES_DIR": self.profiles_dir, "PROJECT_DIR": self.project_dir, "VARS": vars, "DEBUG": self.debugs(),
            "WARN_ERROR": self.warns_error(), "INTROSPECT": true, "PARTIAL_PARSE": false, "VERSION_CHECK": false,
            "PRINT": self.prints(), "NO_PRINT": null, "LOG_CACHE_EVENTS": false, "POPULATE_CACHE": true, "TARGET_PATH": null,
            "EMPTY": false, "SEND_ANONYMOUS_USAGE_STATS": false,
            "WRITE_JSON": self.writes_json(), "INVOCATION_COMMAND": invocation(), "INDIRECT_SELECTION": self.indirect(),
            "THREADS": self.thread_count(), "LOG_FORMAT": self.log_format.as_deref().unwrap_or("default"),
            "CACHE_SELECTED_ONLY": false, "DEFER": false, "FAVOR_STATE": false, "STATE": null, "LOG_PATH": null,
            "PRINTER_WIDTH": 80, "STATIC_PARSER": true, "USE_EXPERIMENTAL_PARSER": false, "SAMPLE": null,
            "EVENT_TIME_START": null, "EVENT_TIME_END": null, "SINGLE_THREADED": self.thread_count() == Some(1),
        });
        match flags {
            Json::Object(map) => map,
            _ => Map::new(),
        }
    }
}

/// The command line, as artifacts tell it.
pub fn invocation() -> String {
    format!("karat {}", std::env::args().skip(1).collect::<Vec<_>>().join(" "))
}

/// A mapping that stands in an option.
fn parse_map(option: &str, code: &'static str, text: &str) -> Result<Map<String, Json>, Box<Failure>> {
    let mut sources = SourceMap::default();
    let id = sources.add(option, text);
    let bad = |d: Diagnostic, sources: SourceMap| {
        let diagnostics = vec![d.hint(format!("write {option} '{{key: value, other: 2}}'"))];
        Err(Box::new(Failure { diagnostics, sources }))
    };
    match yaml::parse(id, sources.get(id)) {
        Ok(None) => Ok(Map::new()),
        Ok(Some(value)) => match value.as_mapping() {
            Some(map) => Ok(yaml::map_to_json(map)),
            None => bad(
                Diagnostic::error(code, format!("{option} must be a mapping, and this is {}", yaml::kind(&value)))
                    .at(yaml::span_of(id, &value), ""),
                sources,
            ),
        },
        Err(problem) => bad(Diagnostic { code, ..*problem }, sources),
    }
}
