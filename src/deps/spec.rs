//! The entries of `packages.yml`: which package, from where.

use serde_json::{Map, Value as Json};

use crate::deps::version::Requirement;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::Span;

/// One entry.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Where the package comes from.
    pub origin: Origin,
    /// The name that the lock file gives it.
    pub name: Option<String>,
    /// Where the entry stands.
    pub span: Option<Span>,
    /// What the hash of the lock file is made of.
    pub hashed: Json,
}

/// Where a package comes from. What may hold secrets is kept as `written` too, its templates not rendered.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A package of the hub, in one of these versions.
    Hub { package: String, versions: Vec<Requirement>, prerelease: bool },
    /// A git repository, or a folder of it.
    Git { url: String, written: String, revisions: Vec<String>, subdirectory: Option<String>, warn: bool },
    /// An archive.
    Tarball { url: String, written: String, name: String },
    /// A folder.
    Local { path: String },
}

/// The keys of each kind of entry; the first names it and is required.
const KEYS: [&[&str]; 5] = [
    &["package", "version", "install_prerelease", "name"],
    &["git", "revision", "warn-unpinned", "subdirectory", "name"],
    &["tarball", "name"],
    &["local", "name"],
    &["private", "provider", "revision", "warn-unpinned", "subdirectory", "name"],
];

impl Spec {
    /// Reads an entry. `written` is the same with its templates not rendered.
    ///
    /// # Errors
    /// It is no entry of any kind.
    pub fn read(entry: &Json, written: &Json, span: Option<Span>) -> Result<Self, Box<Diagnostic>> {
        let fail = |message: String, hint: &str| {
            Box::new(Diagnostic::error("bad-package", message).at(span, "").hint(hint.to_owned()))
        };
        let Json::Object(map) = entry else {
            return Err(fail("a package is a mapping".to_owned(), "write `- package: owner/name` and `version: …`"));
        };
        let Some(keys) = KEYS.iter().find(|keys| map.contains_key(keys[0])) else {
            let hint = "an entry has one of the keys `package`, `git`, `tarball`, `local`";
            return Err(fail("this entry does not say where the package comes from".to_owned(), hint));
        };
        if let Some(unknown) = map.keys().find(|key| !keys.contains(&key.as_str())) {
            let hint = format!("an entry with `{}` takes {}", keys[0], keys.join(", "));
            let problem = fail(format!("`{unknown}` is no key of a package that has `{}`", keys[0]), &hint);
            return Err(Box::new(problem.maybe_hint(did_you_mean(unknown, keys.iter().copied()))));
        }
        let origin = origin(map, written, keys[0]).map_err(|(message, hint)| fail(message, hint))?;
        let name = text(map, "name");
        Ok(Self { origin, name, span, hashed: hashed(map, written, keys[0]) })
    }

    /// What the package is called before it was fetched.
    pub fn label(&self) -> &str {
        self.origin.label()
    }
}

impl Origin {
    /// What the package is called before it was fetched.
    pub fn label(&self) -> &str {
        match self {
            Self::Hub { package, .. } => package,
            Self::Git { url, .. } => url,
            Self::Tarball { name, .. } => name,
            Self::Local { path } => path,
        }
    }
}

type Wrong = (String, &'static str);

fn origin(map: &Map<String, Json>, written: &Json, kind: &str) -> Result<Origin, Wrong> {
    let source = text(map, kind).filter(|t| !t.is_empty());
    let source = source.ok_or_else(|| (format!("`{kind}` is empty"), "say where the package comes from"))?;
    let as_written = written.get(kind).and_then(Json::as_str).unwrap_or(&source).to_owned();
    match kind {
        "package" => hub(map, source),
        "git" => {
            let subdirectory = text(map, "subdirectory").filter(|t| !t.is_empty());
            if subdirectory.as_deref().is_some_and(|folder| !is_inside(folder)) {
                let hint = "`subdirectory` is a folder of the repository, such as `packages/shop`";
                return Err(("`subdirectory` leads out of the repository".to_owned(), hint));
            }
            let warn = map.get("warn-unpinned").and_then(Json::as_bool) != Some(false);
            let revisions: Vec<String> = text(map, "revision").into_iter().collect();
            if source.starts_with('-') || revisions.iter().any(|r| r.starts_with('-')) {
                let hint = "the program git would take it for an option";
                return Err(("`git` and `revision` can't start with `-`".to_owned(), hint));
            }
            Ok(Origin::Git { url: source, written: as_written, revisions, subdirectory, warn })
        }
        "tarball" => {
            let hint = "say under which name it is installed: `name: shop`";
            let name = text(map, "name").ok_or_else(|| ("an archive needs a `name`".to_owned(), hint))?;
            Ok(Origin::Tarball { url: source, written: as_written, name })
        }
        "local" => Ok(Origin::Local { path: source }),
        _ => Err((
            format!("the private package `{source}` needs an account of dbt's cloud platform"),
            "name its repository: `- git: git@github.com:owner/name.git`",
        )),
    }
}

fn hub(map: &Map<String, Json>, package: String) -> Result<Origin, Wrong> {
    if !package.contains('/') {
        let hint = "packages of the hub are named with their owner: `dbt-labs/dbt_utils`";
        return Err((format!("`{package}` is no name of a package of the hub"), hint));
    }
    let hint = "write `version: 1.3.0`, or a range: `version: ['>=1.0.0', '<2.0.0']`";
    let texts: Vec<String> = match map.get("version") {
        None | Some(Json::Null) => return Err((format!("`{package}` has no version"), hint)),
        Some(Json::Array(items)) => items.iter().filter_map(plain).collect(),
        Some(one) => plain(one).into_iter().collect(),
    };
    let parts = texts.iter().flat_map(|t| t.split(','));
    let versions: Option<Vec<Requirement>> = parts.map(|part| Requirement::parse(part.trim())).collect();
    match versions.filter(|v| !v.is_empty()) {
        Some(versions) => {
            let prerelease = map.get("install_prerelease").and_then(Json::as_bool) == Some(true);
            Ok(Origin::Hub { package, versions, prerelease })
        }
        None => Err((format!("`{}` is no version", texts.join(", ")), hint)),
    }
}

/// Whether a path stays in the folder that it is relative to.
pub fn is_inside(path: &str) -> bool {
    use std::path::Component::{CurDir, Normal};
    std::path::Path::new(path).components().all(|part| matches!(part, Normal(_) | CurDir))
}

fn text(map: &Map<String, Json>, key: &str) -> Option<String> {
    map.get(key).and_then(plain)
}

fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The entry with the defaults of its kind, as dbt hashes it.
fn hashed(map: &Map<String, Json>, written: &Json, kind: &str) -> Json {
    let mut all = map.clone();
    let defaults: &[(&str, Json)] = match kind {
        "package" => &[("install_prerelease", Json::Bool(false))],
        "git" => &[("revision", Json::Null), ("warn-unpinned", Json::Null), ("subdirectory", Json::Null)],
        _ => &[],
    };
    for (key, value) in defaults {
        all.entry(*key).or_insert_with(|| value.clone());
    }
    if all.get("name") == Some(&Json::Null) {
        all.shift_remove("name");
    }
    all.insert("unrendered".to_owned(), written.clone());
    Json::Object(all)
}
