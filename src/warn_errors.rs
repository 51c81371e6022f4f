//! `--warn-error` and `--warn-error-options`: which warnings are errors, and which are not said.

use serde_json::{Map, Value as Json};

use crate::codes;
use crate::diagnostic::{Diagnostic, did_you_mean};

/// What becomes of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is said.
    Warning,
    /// It is an error.
    Error,
    /// It is not said.
    Silent,
}

/// What the options say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WarnErrors {
    all: bool,
    error: Vec<String>,
    warn: Vec<String>,
    silence: Vec<String>,
}

/// The warning of a data test.
pub const TEST: &str = "LogTestResult";
/// The warning of a template that calls `exceptions.warn`.
pub const TEMPLATE: &str = "JinjaLogWarning";
/// The warning that the types of a snapshot's times differ.
pub const SNAPSHOT_TIMES: &str = "SnapshotTimestampWarning";
/// The warning that there is nothing to run.
pub const NOTHING: &str = "NothingToDo";
/// The warning that there is nothing to list.
pub const NO_NODES: &str = "NoNodesSelected";

/// The name of all warnings that something is not to be used any more.
const DEPRECATIONS: &str = "Deprecations";

/// The names of dbt's events.
const EVENTS: &str = include_str!("warn_errors/events.txt");

/// dbt's names for what has a code here, and whether they count as deprecations.
const NAMES: [(&str, &str, bool); 19] = [
    ("NoNodesForSelectionCriteria", "selector-matches-nothing", false),
    ("UnusedResourceConfigPath", "unused-config-path", false),
    ("NoNodeForYamlKey", "unknown-node", false),
    ("WrongResourceSchemaFile", "unknown-node", false),
    ("UnusedTables", "unknown-node", false),
    ("NodeNotFoundOrDisabled", "disabled-ref", false),
    ("MacroNotFoundForPatch", "unknown-macro", false),
    ("WarnStateTargetEqual", "state-is-target", false),
    ("DepsUnpinned", "unpinned-package", false),
    ("DeprecatedModel", "deprecated-model", false),
    ("DeprecatedReference", "deprecated-model", false),
    ("UpcomingReferenceDeprecation", "deprecated-model", false),
    ("ConstraintNotEnforced", "weak-constraint", false),
    ("ConstraintNotSupported", "weak-constraint", false),
    ("CustomKeyInConfigDeprecation", "unknown-key", true),
    ("CustomKeyInObjectDeprecation", "unknown-key", true),
    ("CustomTopLevelKeyDeprecation", "unknown-key", true),
    ("GenericJSONSchemaValidationDeprecation", "unknown-key", true),
    ("DuplicateYAMLKeysDeprecation", "duplicate-key", true),
];

/// Warnings that dbt has not got or never makes errors: an error only where they are named.
const OWN: [&str; 4] = ["bad-ignore-pattern", "duplicate-column", "missing-unique-key", "unfiltered-microbatch"];

impl WarnErrors {
    /// All warnings are errors.
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// What a mapping of `error`, `warn` and `silence` (or the older `include` and `exclude`) says.
    ///
    /// # Errors
    /// A key stands twice, or a name is no warning's.
    pub fn new(options: &Map<String, Json>) -> Result<Self, Diagnostic> {
        let all = |value: &Json| matches!(value.as_str(), Some("all" | "*"));
        let error = either(options, "error", "include")?;
        let found = Self {
            all: error.is_some_and(all),
            error: names("error", error.filter(|value| !all(value)))?,
            warn: names("warn", either(options, "warn", "exclude")?)?,
            silence: names("silence", options.get("silence"))?,
        };
        let deprecations = |list: &[String]| list.iter().any(|name| name == DEPRECATIONS);
        match found.warn.is_empty() || found.all || deprecations(&found.error) || deprecations(&found.silence) {
            true => Ok(found),
            false => Err(bad("`warn` takes nothing out, for nothing else is an error")
                .hint("`warn` goes with `error: all`, or with `Deprecations` under `error` or `silence`")),
        }
    }

    /// What becomes of the warnings with this code, or with this name of dbt's. A name goes before `Deprecations`, and
    /// that before `all`.
    pub fn fate(&self, code: &str) -> Fate {
        let mapped = || NAMES.iter().filter(|(_, ours, _)| *ours == code);
        let named =
            |list: &[String]| list.iter().any(|name| name == code || mapped().any(|(theirs, ..)| name == theirs));
        let is_deprecation = mapped().any(|(.., deprecation)| *deprecation);
        let grouped = |list: &[String]| is_deprecation && list.iter().any(|name| name == DEPRECATIONS);
        match () {
            () if named(&self.silence) => Fate::Silent,
            () if named(&self.warn) => Fate::Warning,
            () if named(&self.error) => Fate::Error,
            () if grouped(&self.silence) => Fate::Silent,
            () if grouped(&self.warn) => Fate::Warning,
            () if grouped(&self.error) => Fate::Error,
            () if self.all && !OWN.contains(&code) => Fate::Error,
            () => Fate::Warning,
        }
    }

    /// Whether the warnings with this code are errors.
    pub fn is_error(&self, code: &str) -> bool {
        self.fate(code) == Fate::Error
    }
}

/// The value of a key or of its older name.
fn either<'a>(options: &'a Map<String, Json>, key: &str, older: &str) -> Result<Option<&'a Json>, Diagnostic> {
    let given = |key: &str| options.get(key).filter(|value| !value.is_null());
    match (given(key), given(older)) {
        (Some(_), Some(_)) => {
            Err(bad(format!("`{key}` and `{older}` are two names for one thing")).hint("keep one of them"))
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// The names in a list.
fn names(key: &str, value: Option<&Json>) -> Result<Vec<String>, Diagnostic> {
    let hint = match key {
        "error" => "write `error: all`, or a list of names",
        _ => "write a list of names",
    };
    let items = match value {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Array(items)) => items,
        Some(_) => return Err(bad(format!("`{key}` is no list")).hint(hint)),
    };
    items
        .iter()
        .map(|item| name(item.as_str().ok_or_else(|| bad(format!("`{key}` lists {item}")).hint(hint))?))
        .collect()
}

fn name(name: &str) -> Result<String, Diagnostic> {
    let events = || EVENTS.split_whitespace().chain([DEPRECATIONS]);
    if events().any(|event| event == name) || codes::find(name).is_some() {
        return Ok(name.to_owned());
    }
    Err(bad(format!("no warning is called `{name}`"))
        .hint("name it by its code, as `karat explain` lists them, or as dbt does")
        .maybe_hint(did_you_mean(name, events().chain(codes::all().map(|entry| entry.code)))))
}

fn bad(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("bad-warn-error-options", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn options(json: Json) -> Result<WarnErrors, String> {
        WarnErrors::new(json.as_object().unwrap()).map_err(|problem| problem.message)
    }

    #[test]
    fn warnings_are_named_by_code_or_as_dbt_names_them() {
        let some = options(json!({"error": ["LogTestResult"], "silence": ["unused-config-path"]})).unwrap();
        assert_eq!(some.fate(TEST), Fate::Error);
        assert_eq!(some.fate("unused-config-path"), Fate::Silent);
        assert_eq!(some.fate("unknown-node"), Fate::Warning);
        let most = options(json!({"include": "all", "exclude": ["LogTestResult"]})).unwrap();
        assert_eq!(most.fate(TEST), Fate::Warning);
        assert_eq!(most.fate("unknown-node"), Fate::Error);
        assert_eq!(most.fate("missing-unique-key"), Fate::Warning);
        assert!(WarnErrors::all().is_error(TEST));
    }

    #[test]
    fn a_name_goes_before_its_group_and_that_before_all() {
        let fates =
            |json: Json| ["unknown-key", "duplicate-key", TEST].map(|code| options(json.clone()).unwrap().fate(code));
        let all = json!({"error": "all", "silence": ["Deprecations"], "warn": ["DuplicateYAMLKeysDeprecation"]});
        assert_eq!(fates(all), [Fate::Silent, Fate::Warning, Fate::Error]);
        let group = json!({"error": ["Deprecations", "LogTestResult"], "warn": ["Deprecations", "LogTestResult"]});
        assert_eq!(fates(group), [Fate::Warning, Fate::Warning, Fate::Warning]);
        let named = json!({"error": ["CustomKeyInObjectDeprecation"], "silence": ["Deprecations"]});
        assert_eq!(fates(named), [Fate::Error, Fate::Silent, Fate::Warning]);
    }

    #[test]
    fn what_dbt_does_not_accept_is_refused() {
        for json in [
            json!({"error": ["Nonsense"]}),
            json!({"error": ["all"]}),
            json!({"error": "some"}),
            json!({"warn": ["LogTestResult"]}),
            json!({"error": "all", "include": "all"}),
        ] {
            options(json.clone()).expect_err(&json.to_string());
        }
        for json in
            [json!({"error": []}), json!({"warn": null}), json!({"error": ["RunningOperationCaughtError"], "oops": 1})]
        {
            options(json.clone()).unwrap();
        }
    }
}
