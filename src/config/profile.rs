//! `profiles.yml`: which warehouse to talk to, and as whom.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dbt_yaml::Value;
use serde_json::{Map, Value as Json};

use crate::config::yaml::{self, Fields, Render, span_of};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::files::Files;
use crate::source::{SourceId, SourceMap, Span};

/// The chosen output of the chosen profile.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The profile's name.
    pub profile: String,
    /// The output's name.
    pub name: String,
    /// `type:` of the output: `duckdb`, `postgres`, `bigquery`.
    pub kind: String,
    /// Where the type stands in profiles.yml.
    pub kind_span: Option<Span>,
    /// How many nodes run side by side.
    pub threads: usize,
    /// The database that relations go to where nothing else is said.
    pub database: String,
    /// The schema that relations go to where nothing else is said.
    pub schema: String,
    /// All keys of the output, rendered.
    pub values: Map<String, Json>,
}

/// The keys that templates may see as `target.…`: everything that is no secret.
impl Target {
    /// What `{{ target }}` is.
    pub fn context(&self) -> Map<String, Json> {
        let unset = OPTIONAL_KEYS.iter().filter(|_| self.kind == "duckdb").map(|key| ((*key).to_owned(), Json::Null));
        let mut map: Map<String, Json> = unset.collect();
        let shown = self
            .values
            .iter()
            .filter(|(key, _)| !SECRET_KEYS.contains(&key.as_str()))
            .map(|(k, v)| (k.clone(), v.clone()));
        map.extend(shown);
        map.insert("name".into(), self.name.clone().into());
        map.insert("target_name".into(), self.name.clone().into());
        map.insert("profile_name".into(), self.profile.clone().into());
        map.insert("type".into(), self.kind.clone().into());
        map.insert("threads".into(), self.threads.into());
        map.insert("schema".into(), self.schema.clone().into());
        map.insert("database".into(), self.database.clone().into());
        if self.kind == "duckdb" {
            map.entry("path").or_insert_with(|| ":memory:".into());
            map.entry("external_root").or_insert_with(|| ".".into());
            map.entry("disable_transactions").or_insert_with(|| false.into());
        }
        map
    }
}

/// Keys of a DuckDB output that are none where they are not set.
const OPTIONAL_KEYS: [&str; 8] = [
    "config_options",
    "extensions",
    "settings",
    "use_credential_provider",
    "attach",
    "filesystems",
    "remote",
    "plugins",
];

const SECRET_KEYS: [&str; 11] = [
    "password",
    "pass",
    "token",
    "refresh_token",
    "client_secret",
    "keyfile_json",
    "private_key",
    "secrets",
    "motherduck_token",
    "sslkey",
    "access_token",
];

/// Finds the folder of `profiles.yml` as dbt does: the flag or its variable, the project, the home folder.
///
/// # Errors
/// A diagnostic that names every place looked at.
pub fn find(files: &dyn Files, flag: Option<&Path>, project: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    let mut looked = Vec::new();
    let home = std::env::var_os("HOME").map(|h| Path::new(&h).join(".dbt"));
    let places = match flag {
        Some(folder) => vec![folder.to_owned()],
        None => [Some(project.to_owned()), home].into_iter().flatten().collect(),
    };
    for folder in places {
        let path = folder.join("profiles.yml");
        if files.exists(&path) {
            return Ok(path);
        }
        looked.push(path.display().to_string());
    }
    Err(Box::new(
        Diagnostic::error("no-profiles-file", "there is no profiles.yml")
            .note(format!("looked for {}", looked.join("\n           ")))
            .hint(
                "it says which database to use: put it beside the project file, or name its folder with --profiles-dir",
            ),
    ))
}

/// What the command line says about the profile.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// `--profile`, or `profile:` of the project.
    pub profile: Option<String>,
    /// `--target`.
    pub target: Option<String>,
    /// `--threads`.
    pub threads: Option<usize>,
}

/// Reads the file and picks the output.
///
/// # Errors
/// Everything that is wrong with the file, the profile or the output. Outputs that are not chosen are not looked at.
pub fn read(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &Path,
    project_root: &Path,
    choice: &Choice,
    with: Render<'_>,
) -> Result<Target, Vec<Diagnostic>> {
    let one = |d: Box<Diagnostic>| vec![*d];
    let id = crate::load::read_text(files, sources, path, project_root).map_err(one)?;
    let Some(root) = yaml::parse(id, sources.get(id)).map_err(one)? else {
        let message = format!("{} is empty", sources.get(id).path.display());
        return Err(vec![
            Diagnostic::error("no-profile", message)
                .hint("it needs a profile; `karat init NAME` writes one to start from"),
        ]);
    };
    let name = choice.profile.clone().ok_or_else(|| {
        vec![
            Diagnostic::error("no-profile", "the project names no profile")
                .hint("add `profile: …` to the project file, or pass --profile"),
        ]
    })?;
    let profile = pick(id, &root, &name, "no-profile", "profile").map_err(one)?;
    let mut fields = Fields::new(id, profile, "a profile").map_err(one)?;
    let wanted = target_name(&mut fields, choice, with)?;
    let Some(outputs) = fields.get("outputs") else {
        let span = span_of(id, profile);
        return Err(vec![
            Diagnostic::error("missing-key", format!("profile `{name}` has no `outputs`"))
                .at(span, "")
                .hint("add `outputs:` with a target below it, such as `dev: {type: duckdb, path: shop.duckdb}`"),
        ]);
    };
    let mut output = pick(id, outputs, &wanted, "no-target", "target").map_err(one)?.clone();
    let problems = yaml::render(id, &mut output, &mut Vec::new(), with, &|_| false);
    if !problems.is_empty() {
        return Err(problems);
    }
    target(id, &output, name, wanted, choice)
}

fn target_name(fields: &mut Fields<'_>, choice: &Choice, with: Render<'_>) -> Result<String, Vec<Diagnostic>> {
    if let Some(name) = &choice.target {
        return Ok(name.clone());
    }
    match fields.text("target") {
        None => Ok("default".to_owned()),
        Some(text) if yaml::is_template(&text) => match with(&text) {
            Ok(Json::String(s)) => Ok(s),
            Ok(other) => Ok(other.to_string()),
            Err(d) => Err(vec![*d]),
        },
        Some(text) => Ok(text),
    }
}

fn pick<'a>(
    id: SourceId,
    map: &'a Value,
    name: &str,
    code: &'static str,
    what: &str,
) -> Result<&'a Value, Box<Diagnostic>> {
    if let Some(found) = map.as_mapping().and_then(|m| m.get(name)) {
        return Ok(found);
    }
    let names: Vec<String> =
        map.as_mapping().map(|m| m.keys().map(yaml::key_text).filter(|k| k != "config").collect()).unwrap_or_default();
    let listed = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let mut span = span_of(id, map);
    span.end = span.start;
    Err(Box::new(
        Diagnostic::error(code, format!("there is no {what} `{name}`"))
            .at(span, format!("{what}s here: {listed}"))
            .hint(format!("choose one with --{what}, or add it here"))
            .maybe_hint(did_you_mean(name, names.iter().map(String::as_str))),
    ))
}

fn target(
    id: SourceId,
    output: &Value,
    profile: String,
    name: String,
    choice: &Choice,
) -> Result<Target, Vec<Diagnostic>> {
    let mut f = Fields::new(id, output, "this output").map_err(|d| vec![*d])?;
    let kind = f.required("type", output).unwrap_or_default();
    let kind_span = f.value_span("type");
    let threads = match f.get("threads").map(|v| (v, v.as_u64())) {
        Some((_, Some(n))) if n > 0 => n as usize,
        Some((v, _)) => {
            let place = span_of(id, v);
            f.diagnostics.push(Diagnostic::error("wrong-type", "`threads` must be a number from 1").at(place, ""));
            1
        }
        None => 1,
    };
    let values = f.map();
    let schema = f.text("schema").or_else(|| f.text("dataset"));
    let database = ["database", "dbname", "project"].iter().find_map(|k| f.text(k));
    let path = f.text("path");
    let (schema, database) = match kind.as_str() {
        "duckdb" => (schema.unwrap_or_else(|| "main".into()), database.unwrap_or_else(|| duckdb_name(path.as_deref()))),
        "postgres" => (
            f.required("schema", output).unwrap_or_default(),
            database.unwrap_or_else(|| postgres_name(f.text("user"))),
        ),
        _ => (schema.unwrap_or_default(), database.unwrap_or_default()),
    };
    if !f.diagnostics.is_empty() {
        return Err(f.diagnostics);
    }
    let values = yaml::map_to_json(values);
    Ok(Target { profile, name, kind, kind_span, threads: choice.threads.unwrap_or(threads), database, schema, values })
}

/// The database that programs of Postgres take where none is named.
fn postgres_name(user: Option<String>) -> String {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = || user.or_else(|| variable("PGUSER")).or_else(|| variable("USER"));
    variable("PGDATABASE").or_else(user).unwrap_or_else(|| "postgres".to_owned())
}

/// The name DuckDB gives to a database file: what stands before the first dot.
fn duckdb_name(path: Option<&str>) -> String {
    match path {
        None | Some(":memory:" | "") => "memory".to_owned(),
        Some(path) => {
            let name = Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            name.trim_start_matches('.').split(['.', '?']).next().unwrap_or_default().to_owned()
        }
    }
}

/// `settings:` and the like: text by key.
pub fn texts(value: Option<&Json>) -> BTreeMap<String, String> {
    let Some(Json::Object(map)) = value else { return BTreeMap::new() };
    map.iter().map(|(k, v)| (k.clone(), v.as_str().map_or_else(|| v.to_string(), str::to_owned))).collect()
}
