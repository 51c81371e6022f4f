//! Values that must not be seen: those of environment variables whose name says that they are secret.
//!
//! Templates of `profiles.yml` and `packages.yml` never hold such a value: they see something that stands for it, which
//! becomes the value when the template is rendered. So no filter can change a secret into what would not be known as one.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

/// How the names of secret variables begin.
pub const PREFIX: &str = "DBT_ENV_SECRET";

/// What stands for a secret where people or programs read it.
pub const HIDDEN: &str = "*****";

/// What dbt has around the name of a secret in a text that a template renders.
const MARKS: [&str; 2] = ["$$$DBT_SECRET_START$$$", "$$$DBT_SECRET_END$$$"];

/// The values that must not be seen.
#[derive(Debug, Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// The secrets of the environment.
    pub fn of_environment() -> Self {
        let named = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(PREFIX));
        Self::new(named.filter_map(|(_, value)| value.into_string().ok()))
    }

    /// The variables of the command line whose names say that they are secret.
    pub fn of_vars(vars: &Map<String, Json>) -> Self {
        let named = vars.iter().filter(|(name, _)| name.starts_with(PREFIX));
        Self::new(named.map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    }

    /// A longer secret comes first: it may hold a shorter one.
    fn new(values: impl Iterator<Item = String>) -> Self {
        let mut values: Vec<String> = values.filter(|value| !value.trim().is_empty()).collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    /// A text without secrets.
    pub fn scrub<'a>(&self, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
        self.0.iter().fold(text.into(), |text, secret| match text.contains(secret.as_str()) {
            true => Cow::Owned(text.replace(secret.as_str(), HIDDEN)),
            false => text,
        })
    }

    /// JSON without secrets.
    pub fn scrub_json(&self, json: &mut Json) {
        match json {
            _ if self.0.is_empty() => {}
            Json::String(text) => *text = self.scrub(text.as_str()).into_owned(),
            Json::Array(items) => items.iter_mut().for_each(|item| self.scrub_json(item)),
            Json::Object(map) => map.values_mut().for_each(|value| self.scrub_json(value)),
            Json::Number(number) if self.0.contains(&number.to_string()) => *json = Json::from(HIDDEN),
            _ => {}
        }
    }
}

/// A text without the secrets of the environment.
pub fn scrub(text: &str) -> String {
    Secrets::of_environment().scrub(text).into_owned()
}

/// What stands for the secret with this name while a template renders.
pub fn stand_in(name: &str) -> String {
    let [open, close] = MARKS;
    format!("{open}{name}{close}")
}

/// Puts the secrets in the place of what stands for them.
pub fn reveal(json: &mut Json) {
    match json {
        Json::String(text) if text.contains(MARKS[0]) => *text = revealed(text),
        Json::Array(items) => items.iter_mut().for_each(reveal),
        Json::Object(map) => map.values_mut().for_each(reveal),
        _ => {}
    }
}

fn revealed(text: &str) -> String {
    let [open, close] = MARKS;
    let mut parts = text.split(open);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(close).unwrap_or((part, ""));
        out += &std::env::var(name).unwrap_or_default();
        out += rest;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_secret_is_hidden_whole() {
        let secrets = Secrets::new(["ab", "abcd", " "].map(str::to_owned).into_iter());
        assert_eq!(secrets.scrub("x abcd y ab z"), "x ***** y ***** z");
        let mut json = serde_json::json!({"a": ["abcd", 1], "b": null});
        secrets.scrub_json(&mut json);
        assert_eq!(json, serde_json::json!({"a": ["*****", 1], "b": null}));
    }

    #[test]
    fn what_stands_for_a_secret_becomes_its_value() {
        let home = std::env::var("PATH").unwrap();
        let mut json = serde_json::json!([format!("<{0}|{0}>", stand_in("PATH")), "plain"]);
        reveal(&mut json);
        assert_eq!(json, serde_json::json!([format!("<{home}|{home}>"), "plain"]));
    }
}
