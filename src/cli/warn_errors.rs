//! `--warn-error` and `--warn-error-options`: which warnings are errors, and which are not said.

use serde_json::{Map, Value as Json};

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
pub const TEST: &str = "data-test";

/// Warnings that no `--warn-error` makes an error, as with dbt.
const ONLY_SAID: [&str; 1] = ["unfiltered-microbatch"];

/// dbt's names for what has a code here.
const NAMES: [(&str, &str); 8] = [
    ("LogTestResult", TEST),
    ("NoNodesForSelectionCriteria", "selector-matches-nothing"),
    ("NothingToDo", "selector-matches-nothing"),
    ("UnusedResourceConfigPath", "unused-config-path"),
    ("NoNodeForYamlKey", "unknown-node"),
    ("NodeNotFoundOrDisabled", "disabled-ref"),
    ("MacroNotFoundForPatch", "unknown-macro"),
    ("WarnStateTargetEqual", "state-is-target"),
];

impl WarnErrors {
    /// What a mapping of `error`, `warn` and `silence` (or the older `include` and `exclude`) says.
    pub fn new(all: bool, options: &Map<String, Json>) -> Self {
        let names = |keys: [&str; 2]| -> Vec<String> {
            let values = keys.iter().filter_map(|key| options.get(*key));
            values
                .flat_map(|value| match value {
                    Json::Array(items) => items.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
                    Json::String(one) => vec![one.clone()],
                    _ => Vec::new(),
                })
                .collect()
        };
        let error = names(["error", "include"]);
        let all = all || error.iter().any(|name| name == "all" || name == "*");
        Self { all, error, warn: names(["warn", "exclude"]), silence: names(["silence", "silence"]) }
    }

    /// What becomes of the warnings with this code.
    pub fn fate(&self, code: &str) -> Fate {
        let named = |list: &[String]| {
            list.iter().any(|name| name == code || NAMES.iter().any(|(theirs, ours)| name == theirs && *ours == code))
        };
        match () {
            () if named(&self.silence) => Fate::Silent,
            () if named(&self.warn) => Fate::Warning,
            () if self.all && !ONLY_SAID.contains(&code) || named(&self.error) => Fate::Error,
            () => Fate::Warning,
        }
    }

    /// Whether the warnings with this code are errors.
    pub fn is_error(&self, code: &str) -> bool {
        self.fate(code) == Fate::Error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_named_by_code_or_as_dbt_names_them() {
        let options = |json: Json| WarnErrors::new(false, json.as_object().unwrap());
        let some = options(serde_json::json!({"error": ["LogTestResult"], "silence": ["unused-config-path"]}));
        assert_eq!(some.fate(TEST), Fate::Error);
        assert_eq!(some.fate("unused-config-path"), Fate::Silent);
        assert_eq!(some.fate("empty-project"), Fate::Warning);
        let most = options(serde_json::json!({"include": "all", "exclude": ["LogTestResult"]}));
        assert_eq!(most.fate(TEST), Fate::Warning);
        assert_eq!(most.fate("empty-project"), Fate::Error);
        assert!(WarnErrors::new(true, &Map::new()).is_error(TEST));
        assert!(!WarnErrors::new(true, &Map::new()).is_error(ONLY_SAID[0]));
    }
}
