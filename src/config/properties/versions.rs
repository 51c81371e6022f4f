//! `versions:` of a model: one entry becomes one patch for each version.

use std::cmp::Ordering;

use dbt_yaml::Value;
use serde_json::{Map, Value as Json};

use super::{ColumnDecl, Patch, Reader, lift};
use crate::config::yaml::{self, Fields, span_of};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::Span;

/// Which version of a model a patch is about.
#[derive(Debug, Clone)]
pub struct VersionDecl {
    /// This version, as it is written: `1`, `1.5`, `old`.
    pub version: String,
    /// The latest version of the model.
    pub latest: String,
    /// The name of its file, without `.sql`.
    pub file: String,
}

const VERSION_KEYS: [&str; 12] = [
    "v",
    "defined_in",
    "description",
    "access",
    "config",
    "constraints",
    "docs",
    "tests",
    "data_tests",
    "columns",
    "deprecation_date",
    "meta",
];

impl Reader {
    /// The patches of a model's versions; the patch itself where it has none.
    pub(super) fn versions(&mut self, base: Patch, value: &Value) -> Vec<Patch> {
        // What is wrong with the entry itself is told by then.
        let Ok(mut entry) = Fields::new(self.id, value, "this model") else { return vec![base] };
        let declared = entry.list("versions");
        if declared.is_empty() {
            return vec![base];
        }
        let mut found: Vec<(Patch, Span)> = Vec::new();
        for value in declared {
            let Some(patch) = self.version(&base, value) else { continue };
            let span = value.as_mapping().and_then(|map| map.get("v")).map_or(base.span, |v| span_of(self.id, v));
            let same = |other: &&(Patch, Span)| version_of(&other.0) == version_of(&patch);
            if let Some((_, first)) = found.iter().find(same) {
                let message = format!("`{}` has two versions {}", base.name, version_of(&patch));
                let twice = Diagnostic::error("bad-version", message).at(span, "again here").at(*first, "first here");
                self.diagnostics.push(twice.hint("each version has a number or name of its own"));
                continue;
            }
            found.push((patch, span));
        }
        let mut found: Vec<Patch> = found.into_iter().map(|(patch, _)| patch).collect();
        let latest = self.latest(&mut entry, &base, &found);
        for version in found.iter_mut().filter_map(|patch| patch.version.as_mut()) {
            version.latest.clone_from(&latest);
        }
        found
    }

    /// The latest version: the one that is said to be, or the greatest.
    fn latest(&mut self, entry: &mut Fields<'_>, base: &Patch, found: &[Patch]) -> String {
        let versions = || found.iter().map(version_of);
        let greatest = versions().max_by(|a, b| compare(a, b)).unwrap_or_default().to_owned();
        let Some(named) = entry.text("latest_version") else { return greatest };
        if !versions().any(|version| version == named) {
            let all = format!("its versions are {}", versions().collect::<Vec<_>>().join(", "));
            self.diagnostics.push(
                Diagnostic::error("bad-version", format!("`{}` has no version {named}", base.name))
                    .at(entry.value_span("latest_version"), "said to be the latest")
                    .hint(did_you_mean(&named, versions()).unwrap_or(all)),
            );
        }
        named
    }

    fn version(&mut self, base: &Patch, value: &Value) -> Option<Patch> {
        let mut f = self.fields(value, "this version")?;
        let version = f.required("v", value);
        let mut config = f.object("config");
        lift(&f, "access", &mut config);
        lift(&f, "docs", &mut config);
        let mut patch = base.clone();
        deep_merge(&mut patch.config, config);
        if let Some(description) = f.text("description").filter(|text| !text.is_empty()) {
            patch.description = description;
            patch.description_span = f.value_span("description");
        }
        patch.columns = self.version_columns(&base.columns, f.list("columns"));
        if f.get("tests").or_else(|| f.get("data_tests")).is_some() {
            patch.tests = self.tests(&mut f);
        }
        if f.get("constraints").is_some() {
            patch.constraints = f.list("constraints").iter().map(yaml::to_json).collect();
        }
        patch.deprecation_date =
            f.text("deprecation_date").map(|date| (date, f.value_span("deprecation_date").unwrap_or(base.span)));
        let file = f.text("defined_in");
        self.diagnostics.extend(f.finish(&VERSION_KEYS));
        let version = version?;
        let file = file.unwrap_or_else(|| format!("{}_v{version}", base.name));
        patch.version = Some(VersionDecl { version, latest: String::new(), file });
        Some(patch)
    }

    /// The columns of the model that a version has too, and those that it alone has.
    fn version_columns(&mut self, base: &[ColumnDecl], declared: &[Value]) -> Vec<ColumnDecl> {
        let is_rule =
            |value: &&Value| value.as_mapping().is_some_and(|m| m.contains_key("include") || m.contains_key("exclude"));
        let rules: Vec<&Value> = declared.iter().filter(is_rule).collect();
        if let [_, again, ..] = rules[..] {
            self.diagnostics.push(
                Diagnostic::error("bad-version", "a version takes one `include` or `exclude` of columns")
                    .at(span_of(self.id, again), "a second one")
                    .hint("put both into one entry: `- {include: all, exclude: [city]}`"),
            );
        }
        let rule = rules.first().and_then(|value| value.as_mapping()).map(yaml::map_to_json).unwrap_or_default();
        let own = self.columns(declared.iter().filter(|value| !is_rule(value)));
        let mut columns: Vec<ColumnDecl> = base.iter().filter(|c| is_included(&rule, &c.name)).cloned().collect();
        // A column that the version describes itself takes the place of the model's.
        for column in own {
            match columns.iter_mut().find(|c| c.name == column.name) {
                Some(known) => *known = column,
                None => columns.push(column),
            }
        }
        columns
    }
}

fn version_of(patch: &Patch) -> &str {
    patch.version.as_ref().map_or("", |v| v.version.as_str())
}

/// Numbers by their value, anything else by its letters.
fn compare(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y),
        _ => a.cmp(b),
    }
}

fn is_included(rule: &Map<String, Json>, name: &str) -> bool {
    let has = |value: &Json| match value {
        Json::String(text) => text == "*" || text == "all" || text == name,
        Json::Array(items) => items.iter().any(|item| item == name),
        _ => false,
    };
    rule.get("include").is_none_or(has) && !rule.get("exclude").is_some_and(has)
}

/// Settings of a version over those of its model: mappings are merged, and so are lists.
fn deep_merge(into: &mut Map<String, Json>, over: Map<String, Json>) {
    for (key, value) in over {
        match (into.get_mut(&key), value) {
            (Some(Json::Object(old)), Json::Object(new)) => deep_merge(old, new),
            (Some(Json::Array(old)), Json::Array(new)) => {
                let known = std::mem::take(old);
                old.extend(new);
                old.extend(known);
            }
            (_, value) => drop(into.insert(key, value)),
        }
    }
}
