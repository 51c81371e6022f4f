//! `--state`, `--defer` and their siblings: what an earlier invocation left.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use karat_adapters::RelationName;
use serde_json::Value as Json;

use crate::cli::global::{env, flag};
use crate::cli::manifest;
use crate::cli::selection::Scope;
use crate::diagnostic::Diagnostic;
use crate::files::{Disk, Files};
use crate::jinja::builtin::BUILTIN_PACKAGE;
use crate::jinja::calls::calls;
use crate::jinja::shared::Deferred;
use crate::load::io_words;
use crate::select::{MacroText, PreviousState};
use crate::session::Session;

/// What earlier artifacts are there to compare with and to read from.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Earlier state")]
pub struct StateArgs {
    /// The folder of an earlier run's artifacts: what `state:`, `result:` and --defer look at
    #[arg(long, global = true, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Read what is not built here where the earlier run built it
    #[arg(long, global = true, overrides_with = "no_defer")]
    defer: bool,
    #[arg(long, global = true, hide = true)]
    no_defer: bool,
    /// Another folder of artifacts for --defer
    #[arg(long, global = true, value_name = "DIR")]
    defer_state: Option<PathBuf>,
    /// Read everything that is not selected where the earlier run built it
    #[arg(long, global = true, overrides_with = "no_favor_state")]
    favor_state: bool,
    #[arg(long, global = true, hide = true)]
    no_favor_state: bool,
}

type Found<T> = Result<T, Box<Diagnostic>>;

impl StateArgs {
    /// The folder that was named.
    pub fn named(&self) -> Option<PathBuf> {
        self.state.clone().or_else(|| env("STATE").map(PathBuf::from))
    }

    /// The settings as artifacts tell them.
    pub fn recorded(&self) -> [(&'static str, Json); 4] {
        let path = |path: Option<PathBuf>| Json::from(path.map(|path| path.display().to_string()));
        [
            ("state", path(self.named())),
            ("defer", Json::Bool(flag(self.defer, self.no_defer, "DEFER"))),
            ("defer_state", path(self.defer_state.clone())),
            ("favor_state", Json::Bool(flag(self.favor_state, self.no_favor_state, "FAVOR_STATE"))),
        ]
    }

    fn folder(&self, session: &Session) -> Option<PathBuf> {
        Some(session.shared.settings.root.join(self.named()?))
    }

    /// What was left in `--state`, compared with the macros of today.
    ///
    /// # Errors
    /// A file of that folder can't be read.
    pub fn previous(&self, session: &Session) -> Found<Option<PreviousState>> {
        let Some(folder) = self.folder(session) else { return Ok(None) };
        let mut state = PreviousState::default();
        if let Some(json) = artifact(session, &folder, &MANIFEST)? {
            state.add_manifest(&json);
            state.compare_macros(&macros(session));
        }
        if let Some(json) = artifact(session, &folder, &RESULTS)? {
            state.add_results(&json);
        }
        for (folder, today) in [(folder.as_path(), false), (session.target_path.as_path(), true)] {
            if let Some(json) = artifact(session, folder, &SOURCES)? {
                state.add_sources(&json, today);
            }
        }
        Ok(Some(state))
    }

    /// A warning where the earlier artifacts are those that this invocation writes over.
    pub fn warning(&self, session: &Session) -> Option<Diagnostic> {
        let folder = self.folder(session)?;
        (folder == session.target_path).then(|| {
            Diagnostic::warning("state-is-target", format!("--state {} is the target folder", shown(session, &folder)))
                .hint("keep the artifacts to compare with in a folder of their own: each run writes over those of the target folder")
        })
    }

    /// Where the nodes are that `--defer` reads in place of those that are not there, or that `clone` copies; `None`
    /// without either. `selected` are the unique ids of what the command works on.
    ///
    /// # Errors
    /// There is no manifest, or it can't be read.
    pub fn deferred(&self, session: &Session, selected: &[String], scope: Scope) -> Found<Option<Deferred>> {
        let is_read = flag(self.defer, self.no_defer, "DEFER");
        if !is_read && !scope.clones {
            return Ok(None);
        }
        let own = self.defer_state.clone().or_else(|| env("DEFER_STATE").map(PathBuf::from));
        let own = own.map(|folder| session.shared.settings.root.join(folder));
        let Some(folder) = own.or_else(|| self.folder(session)) else {
            let message = match scope.clones {
                true => "clone copies from an earlier run, and none is named",
                false => "--defer reads from an earlier run, and none is named",
            };
            let hint = "name the folder of its artifacts: --state DIR or --defer-state DIR";
            return Err(Box::new(Diagnostic::error("no-state", message).hint(hint)));
        };
        let Some(manifest) = artifact(session, &folder, &MANIFEST)? else {
            let what = if scope.clones { "clone from" } else { "defer to" };
            let message = format!("there is no manifest.json in {} to {what}", shown(session, &folder));
            let hint = "a relative folder is below the project's";
            return Err(Box::new(Diagnostic::error("no-state", message).hint(hint)));
        };
        Ok(Some(Deferred {
            relations: relations(&manifest),
            is_read,
            favored: flag(self.favor_state, self.no_favor_state, "FAVOR_STATE"),
            selected: selected.iter().cloned().collect(),
            builds: scope.builds,
        }))
    }
}

/// A path, relative to the project where it lies below it.
fn shown(session: &Session, path: &Path) -> String {
    path.strip_prefix(&session.shared.settings.root).unwrap_or(path).display().to_string()
}

/// A sort of artifact.
struct Sort {
    file: &'static str,
    /// What it holds at least.
    key: &'static str,
    /// dbt's name for its form, and the versions of that which are read.
    schema: &'static str,
    versions: RangeInclusive<u32>,
}

const MANIFEST: Sort = Sort { file: "manifest.json", key: "nodes", schema: "manifest", versions: 4..=12 };
const RESULTS: Sort = Sort { file: "run_results.json", key: "results", schema: "run-results", versions: 4..=6 };
const SOURCES: Sort = Sort { file: "sources.json", key: "results", schema: "sources", versions: 1..=3 };

impl Sort {
    /// Why this is no artifact of the sort.
    fn refuses(&self, json: &Json) -> Option<String> {
        if let Some(Json::String(url)) = json.pointer("/metadata/dbt_schema_version") {
            let form = url.strip_prefix("https://schemas.getdbt.com/dbt/").unwrap_or(url).trim_end_matches(".json");
            let version = form.strip_prefix(self.schema).and_then(|rest| rest.strip_prefix("/v")?.parse().ok());
            if !version.is_some_and(|version| self.versions.contains(&version)) {
                let (schema, first, last) = (self.schema, self.versions.start(), self.versions.end());
                return Some(format!("its form is {form}, and karat reads {schema}/v{first} to v{last}"));
            }
        }
        let is_there = json.get(self.key).is_some_and(|part| part.is_object() || part.is_array());
        (!is_there).then(|| format!("it has no `{}`", self.key))
    }
}

/// What an artifact holds; `None` where it is not there.
fn artifact(session: &Session, folder: &Path, sort: &Sort) -> Found<Option<Json>> {
    let path = folder.join(sort.file);
    if !Disk.exists(&path) {
        return Ok(None);
    }
    let bad = |why: String| {
        let hint = "artifacts are written by karat and by dbt: take the file of a run that ended";
        Box::new(Diagnostic::error("bad-state", format!("can't use {}: {why}", shown(session, &path))).hint(hint))
    };
    let bytes = Disk.read(&path).map_err(|error| bad(io_words(&error)))?;
    let json: Json = serde_json::from_slice(&bytes).map_err(|error| bad(format!("it is no JSON ({error})")))?;
    match sort.refuses(&json) {
        None => Ok(Some(json)),
        Some(why) => Err(bad(why)),
    }
}

/// The macros of the project and its packages.
fn macros(session: &Session) -> HashMap<String, MacroText> {
    let macros = &session.shared.macros;
    let own = macros.all().iter().filter(|info| &*info.package != BUILTIN_PACKAGE);
    own.map(|info| {
        let sql = manifest::macro_text(session, info).to_owned();
        let calls = calls(&session.shared, &info.package, &sql);
        (info.unique_id.clone(), MacroText { sql, calls })
    })
    .collect()
}

/// The relations of a manifest: models that are not inlined, seeds, snapshots.
fn relations(manifest: &Json) -> HashMap<String, RelationName> {
    let nodes = manifest.get("nodes").and_then(Json::as_object).into_iter().flatten();
    nodes
        .filter_map(|(id, node)| {
            let text = |key: &str| node.get(key).and_then(Json::as_str).map(str::to_owned);
            let refable = matches!(node.get("resource_type")?.as_str()?, "model" | "seed" | "snapshot");
            let inlined = node.pointer("/config/materialized").and_then(Json::as_str) == Some("ephemeral");
            let name = RelationName { database: text("database"), schema: text("schema"), identifier: text("alias")? };
            (refable && !inlined).then(|| (id.clone(), name))
        })
        .collect()
}
