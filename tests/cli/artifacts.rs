//! The artifacts of the fixture projects, key by key, compared with what dbt-core wrote (`tests/oracle/artifacts.py`).

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use crate::harness::Project;
use crate::parity::Difference;

type Entry = Map<String, Json>;

/// What artifacts say: the keys of each entry.
#[derive(Default)]
pub struct Artifacts(BTreeMap<String, Entry>);

/// Moments, identifiers and places of the machine.
const DROPPED: &[&str] = &[
    "created_at",
    "root_path",
    "generated_at",
    "invocation_id",
    "invocation_started_at",
    "run_started_at",
    "user_id",
    "execution_time",
    "elapsed_time",
    "thread_id",
    "timing",
    "snapshotted_at",
    "max_loaded_at",
    "max_loaded_at_time_ago_in_s",
    "send_anonymous_usage_stats",
];

/// SQL, which is compared elsewhere.
const ONLY_PRESENT: [&str; 2] = ["compiled_code", "extra_ctes"];

/// Paths, and the text of the command line.
const ARGS_DROPPED: [&str; 5] = ["log_path", "project_dir", "profiles_dir", "invocation_command", "project_root"];

/// Whose macros and docs come with the program: their text is its own.
const OWN: [&str; 2] = ["dbt", "dbt_duckdb"];

/// Where karat differs: the place (`*` stands for anything), the key, why.
const KNOWN: &[(&str, &str, &str)] = &[
    ("*/run_results/args", "sqlparse", "dbt reads its own artifact back as texts"),
    ("*/run_results/model.checks.below_eph", "message", "its own words"),
    ("*/run_results/unit_test.*", "message", "its own table of what differs"),
    ("manifest/*", "config.options", "dbt-duckdb's materialization writes into the settings"),
    ("manifest/*", "unrendered_config.options", "dbt-duckdb's materialization writes into the settings"),
    ("manifest/nodes/model.growth.with_hooks", "unrendered_config.p*-hook", "white space of dbt's own macros"),
    ("manifest/nodes/test.checks.relationships_points*", "*", "dbt keeps a tag of column and test twice"),
    ("manifest/groups/*", "config.materialized", "settings of models reach groups too, where they mean nothing"),
    ("manifest/selectors", "*", "the definitions of selectors are not told"),
    ("manifest/group_map", "finance", "models in the order of their files"),
    ("manifest/nodes/model.batches.*", "config.begin", "dbt leaves a date of the project file as it is"),
    ("manifest/nodes/model.pythons.plain", "unrendered_config.materialized", "dbt notes what it assumes of Python"),
    ("manifest/nodes/operation.files.*", "compiled_path", "SQL of nothing but white space is not written"),
    ("manifest/macros/macro.names.ref", "depends_on", "dbt takes `builtins.ref` for the macro of that name"),
    ("manifest/macros/macro.*duckdb*", "depends_on", "dbt takes the macro of the root for one that is named `dbt.…`"),
    ("manifest/nodes/model.shop.stg_visits", "depends_on", "dbt's static parser has no order"),
    (
        "manifest/nodes/model.shop_source.orders",
        "unrendered_config.*",
        "the template of a package's node goes before the root",
    ),
    ("manifest/macros/macro.things.relations", "depends_on", "a method of a text is no macro"),
    ("manifest/nodes/model.contracts.*", "build_path", "karat asks for the columns in the run, dbt before"),
    ("manifest/nodes/model.checks.eph", "compiled*", "dbt notes nothing of an ephemeral model below which all fails"),
    ("manifest/nodes/model.checks.eph", "extra_ctes*", "dbt notes nothing of an ephemeral model below which all fails"),
    ("manifest/nodes/model.written.asks", "columns", "unknown keys of a column are reported, not kept"),
    ("manifest/nodes/model.shop.stg_visits", "sources", "dbt's static parser has no order"),
    ("manifest/functions/*", "unrendered_config.*", "dbt leaves out what the project file says of functions"),
    ("manifest/functions/*", "depends_on", "dbt notes the macros that make it"),
    ("manifest/nodes/model.beside.chosen", "depends_on", "what a template itself dispatches to is not noted"),
    ("*/run_results/args", "log_level", "`retry` says as much as it is told to, not as the run before it"),
    ("7/run_results/args", "log_level_file", "`retry` says as much as it is told to, not as the run before it"),
    ("*/run_results/macro.operations.fails", "message", "dbt does not say why"),
    ("manifest/*unit_test*", "checksum", "over what karat keeps of a test"),
    ("manifest/*unit_test*", "expect", "the longest row comes first"),
    ("manifest/*unit_test*", "given", "the longest row comes first"),
    ("manifest/disabled/unit_test*", "schema", "a disabled test has the schema of the target"),
];

impl Artifacts {
    /// Adds what a command wrote. The manifest is that of the first one.
    pub fn collect(&mut self, project: &Project, step: usize, is_first: bool) {
        let read = |name: &str| -> Option<Json> {
            let text = std::fs::read_to_string(project.path().join("target").join(name)).ok()?;
            Some(serde_json::from_str(&text.replace("dbt_project.yml", "project.yml")).unwrap())
        };
        if is_first && let Some(found) = read("manifest.json") {
            self.manifest(&found);
            self.semantic(&read("semantic_manifest.json").unwrap());
        }
        for kind in ["run_results", "sources"] {
            if let Some(found) = read(&format!("{kind}.json")) {
                self.results(&format!("{step}/{kind}"), &found);
            }
        }
    }

    fn manifest(&mut self, manifest: &Json) {
        for (section, entries) in manifest.as_object().unwrap() {
            let place = format!("manifest/{section}");
            match section.as_str() {
                "metadata" => self.add(place, flat(entries)),
                "selectors" | "parent_map" | "child_map" | "group_map" => {
                    self.add(place, entries.as_object().unwrap().clone());
                }
                "disabled" => {
                    for (id, found) in entries.as_object().unwrap() {
                        for (index, entry) in found.as_array().unwrap().iter().enumerate() {
                            self.add(format!("{place}/{id}/{index}"), flat(entry));
                        }
                    }
                }
                _ => {
                    for (id, entry) in entries.as_object().unwrap() {
                        let is_own = OWN.contains(&entry["package_name"].as_str().unwrap_or_default());
                        if !(is_own && matches!(section.as_str(), "macros" | "docs")) {
                            self.add(format!("{place}/{id}"), flat(entry));
                        }
                    }
                }
            }
        }
    }

    fn semantic(&mut self, manifest: &Json) {
        self.add("semantic/project".to_owned(), manifest["project_configuration"].as_object().unwrap().clone());
        for section in ["semantic_models", "metrics", "saved_queries"] {
            for entry in manifest[section].as_array().unwrap() {
                let place = format!("semantic/{section}/{}", entry["name"].as_str().unwrap());
                self.add(place, entry.as_object().unwrap().clone());
            }
        }
    }

    fn results(&mut self, place: &str, artifact: &Json) {
        self.add(place.to_owned(), flat(&artifact["metadata"]));
        if let Some(args) = artifact.get("args").and_then(Json::as_object) {
            let kept = args.iter().filter(|(key, _)| !ARGS_DROPPED.contains(&key.as_str()));
            self.add(format!("{place}/args"), kept.map(|(k, v)| (k.clone(), v.clone())).collect());
        }
        for result in artifact["results"].as_array().unwrap() {
            self.add(format!("{place}/{}", result["unique_id"].as_str().unwrap()), told(result));
        }
    }

    fn add(&mut self, place: String, entry: Entry) {
        self.0.insert(place, entry);
    }

    /// How it differs from what was recorded of a project, as far as that is not known.
    pub fn compare(&self, name: &str, folder: &Path, found: &mut Vec<Difference>) {
        let text = std::fs::read_to_string(folder.join("artifacts.json"));
        let text = text.expect("tests/oracle/record.py writes the artifacts.json of each project");
        let recorded = expand(&serde_json::from_str(&text).unwrap());
        for place in recorded.keys().chain(self.0.keys().filter(|place| !recorded.contains_key(*place))) {
            let is_there = |of: &BTreeMap<String, Entry>| json!(of.contains_key(place));
            let mut differ = |key: &str, dbt: &Json, karat: &Json| {
                if dbt != karat && !KNOWN.iter().any(|(p, k, _)| matches(p, place) && matches(k, key)) {
                    let (place, key) = (format!("{name}/{place}"), key.to_owned());
                    found.push(Difference { place, key, dbt: dbt.clone(), karat: karat.clone() });
                }
            };
            differ("", &is_there(&recorded), &is_there(&self.0));
            let (Some(dbt), Some(karat)) = (recorded.get(place), self.0.get(place)) else { continue };
            for key in dbt.keys().chain(karat.keys().filter(|key| !dbt.contains_key(*key))) {
                let said = |of: &Entry| of.get(key).map_or_else(|| json!("(no such key)"), Json::clone);
                differ(key, &said(dbt), &said(karat));
            }
        }
    }
}

/// Whether a text is what a pattern says, where `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    rest.is_empty() || text.char_indices().any(|(at, _)| matches(rest, &text[at..]))
}

/// The keys of an entry, those of its settings after a dot.
fn flat(entry: &Json) -> Entry {
    let mut found = Entry::new();
    for (key, value) in entry.as_object().unwrap() {
        match (key.as_str(), value) {
            (key, _) if DROPPED.contains(&key) => {}
            ("config" | "unrendered_config", Json::Object(settings)) => {
                found.extend(settings.iter().map(|(setting, value)| (format!("{key}.{setting}"), value.clone())));
            }
            (key, value) if ONLY_PRESENT.contains(&key) => drop(found.insert(key.to_owned(), json!(!value.is_null()))),
            ("depends_on", value) => drop(found.insert(key.clone(), depends_on(value))),
            (key, value) => drop(found.insert(key.to_owned(), value.clone())),
        }
    }
    found
}

/// What an entry depends on; the order in which macros are called is of no meaning.
fn depends_on(found: &Json) -> Json {
    let mut found = found.clone();
    if let Some(macros) = found.get_mut("macros").and_then(Json::as_array_mut) {
        macros.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    }
    found
}

/// A result: how it is told, what it consists of. Words of errors are each program's own.
fn told(result: &Json) -> Entry {
    let mut found = flat(result);
    let steps = result["timing"].as_array().unwrap().iter().map(|step| step["name"].clone());
    found.insert("timing".to_owned(), steps.collect());
    if matches!(result["status"].as_str(), Some("error" | "runtime error")) {
        found.insert("message".to_owned(), json!(result.get("message").is_some_and(|m| !m.is_null())));
    }
    found
}

/// The recorded entries in full: each with what most of its kind share.
fn expand(recorded: &Json) -> BTreeMap<String, Entry> {
    let entries = recorded["entries"].as_object().unwrap().iter();
    let whole = entries.map(|(place, own)| {
        let mut entry = recorded["common"][own[""].as_str().unwrap()].as_object().cloned().unwrap_or_default();
        for (key, value) in own.as_object().unwrap() {
            match key.as_str() {
                "" => {}
                "-" => value.as_array().unwrap().iter().for_each(|key| drop(entry.remove(key.as_str().unwrap()))),
                _ => drop(entry.insert(key.clone(), value.clone())),
            }
        }
        (place.clone(), entry)
    });
    whole.collect()
}
