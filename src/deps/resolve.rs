//! From the entries of a project to all packages that have to be there, those that packages use among them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value as Json;

use crate::config::project::RawProject;
use crate::deps::git::checkout;
use crate::deps::hub::Hub;
use crate::deps::listed::Reader;
use crate::deps::spec::{Origin, Spec, is_inside};
use crate::deps::{Problem, archive, http};
use crate::diagnostic::Diagnostic;
use crate::secrets::scrub;
use crate::source::{SourceMap, Span};

/// A package that was chosen and looked into.
#[derive(Debug)]
pub struct Chosen {
    /// The name of its project, which is that of its folder.
    pub name: String,
    /// Its entry in the lock file, without the name.
    pub locked: Vec<(String, Json)>,
    /// What is said of its version.
    pub version: String,
    /// The newest version, if that is another.
    pub newer: Option<String>,
    /// Where its files are.
    pub content: Content,
    /// What it uses itself.
    uses: Vec<Spec>,
}

/// Where the files of a package are.
#[derive(Debug)]
pub enum Content {
    /// In a folder that can be moved.
    Folder(PathBuf),
    /// In a folder that stays where it is.
    Link(PathBuf),
    /// In an archive at this address.
    Archive(String),
}

/// Chooses and fetches packages.
pub struct Resolver<'a> {
    /// How entries of packages are read.
    pub reader: Reader<'a>,
    /// The project's folder and its name.
    pub root: (&'a Path, &'a str),
    /// Where downloads go.
    pub downloads: PathBuf,
    /// What is known of the hub.
    pub hub: Hub,
    /// What is to be said although nothing stands in the way.
    pub warnings: Vec<Diagnostic>,
    /// What was fetched, by what it is.
    pub fetched: HashMap<String, Rc<Chosen>>,
}

/// A package that is asked for, by one entry or several.
struct Wanted {
    origin: Origin,
    span: Option<Span>,
}

impl Resolver<'_> {
    /// The packages of these entries, with all that they use if `follows`, in the order in which they were found.
    ///
    /// # Errors
    /// A package can't be had, or two entries contradict each other.
    pub fn resolve(
        &mut self,
        sources: &mut SourceMap,
        specs: &[Spec],
        follows: bool,
    ) -> Result<Vec<Rc<Chosen>>, Problem> {
        let mut found: Vec<Wanted> = Vec::new();
        let mut pending: Vec<Spec> = specs.to_vec();
        let mut seen: HashSet<String> = HashSet::new();
        while !pending.is_empty() {
            let mut places = Vec::new();
            for spec in std::mem::take(&mut pending) {
                let place = incorporate(&mut found, spec)?;
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            for place in places {
                let chosen = self.fetch(sources, &found[place])?;
                // What uses each other is looked into once.
                if follows && seen.insert(identity(&found[place].origin, &chosen.version)) {
                    pending.extend(chosen.uses.iter().cloned());
                }
            }
        }
        let chosen: Result<Vec<Rc<Chosen>>, Problem> = found.iter().map(|wanted| self.fetch(sources, wanted)).collect();
        let chosen = chosen?;
        self.check_names(&chosen, &found)?;
        Ok(chosen)
    }

    fn check_names(&self, chosen: &[Rc<Chosen>], wanted: &[Wanted]) -> Result<(), Problem> {
        let mut seen: HashMap<&str, &Wanted> = HashMap::new();
        for (package, wanted) in chosen.iter().zip(wanted) {
            let name = package.name.as_str();
            let label = scrub(wanted.origin.label());
            if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') || !is_inside(name) {
                return Err(Box::new(
                    Diagnostic::error("bad-package", format!("`{name}` can't be the name of a package"))
                        .at(wanted.span, "")
                        .note(format!("the package is {label}"))
                        .hint("a name has letters, digits and `_` only: it becomes the name of a folder"),
                ));
            }
            if name == self.root.1 {
                return Err(Box::new(
                    Diagnostic::error(
                        "duplicate-package",
                        format!("{label} is called `{name}`, as the project itself"),
                    )
                    .at(wanted.span, "")
                    .hint("a project can't use itself: remove the entry, or rename one of the two"),
                ));
            }
            if let Some(other) = seen.insert(name, wanted) {
                let problem = format!("{} and {label} are both called `{name}`", scrub(other.origin.label()));
                return Err(Box::new(
                    Diagnostic::error("duplicate-package", problem)
                        .at(wanted.span, "")
                        .at(other.span, "and here")
                        .hint("keep one of the two; a package may use the other itself"),
                ));
            }
        }
        Ok(())
    }

    fn fetch(&mut self, sources: &mut SourceMap, wanted: &Wanted) -> Result<Rc<Chosen>, Problem> {
        let key = format!("{:?}", wanted.origin);
        if let Some(chosen) = self.fetched.get(&key) {
            return Ok(chosen.clone());
        }
        let chosen = self.fetch_new(sources, wanted).map_err(|problem| match problem.labels.is_empty() {
            true => Box::new(problem.at(wanted.span, "")),
            false => problem,
        })?;
        let chosen = Rc::new(chosen);
        self.fetched.insert(key, chosen.clone());
        Ok(chosen)
    }

    fn fetch_new(&mut self, sources: &mut SourceMap, wanted: &Wanted) -> Result<Chosen, Problem> {
        let entry = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), Json::from(*v))).collect();
        match &wanted.origin {
            Origin::Hub { package, versions, prerelease } => {
                let release = self.hub.pick(package, versions, *prerelease)?;
                let uses: Result<Vec<Spec>, Problem> =
                    release.packages.iter().map(|json| Spec::read(json, json, None)).collect();
                Ok(Chosen {
                    locked: entry(&[("package", package), ("version", &release.version)]),
                    newer: (release.latest != release.version).then(|| release.latest.clone()),
                    version: format!("version {}", release.version),
                    name: release.name,
                    content: Content::Archive(release.tarball),
                    uses: uses?,
                })
            }
            Origin::Git { url, written, revisions, subdirectory, warn } => {
                let revision = revisions.first().map(String::as_str);
                let folder = self.downloads.join(format!("git-{}", self.fetched.len()));
                let checkout = checkout(url, revision, subdirectory.as_deref(), &folder)?;
                if *warn && matches!(revision, None | Some("HEAD" | "main" | "master")) {
                    self.warnings.push(unpinned(url, revision, wanted.span));
                }
                let (name, uses) = self.look_into(sources, &checkout.folder)?;
                let mut locked: Vec<(String, Json)> =
                    entry(&[("git", &scrub(written)), ("revision", &checkout.commit)]);
                locked.extend(subdirectory.iter().map(|s| ("subdirectory".to_owned(), Json::from(s.as_str()))));
                let version = format!("revision {}", checkout.commit);
                Ok(Chosen { name, locked, version, newer: None, content: Content::Folder(checkout.folder), uses })
            }
            Origin::Tarball { url, written, name } => {
                let folder = self.downloads.join(format!("archive-{}", self.fetched.len()));
                archive::unpack(self.reader.files, &http::get(url)?, &folder, &scrub(url))?;
                let (_, uses) = self.look_into(sources, &folder)?;
                Ok(Chosen {
                    name: name.clone(),
                    locked: entry(&[("tarball", &scrub(written))]),
                    version: format!("archive {}", scrub(url)),
                    newer: None,
                    content: Content::Folder(folder),
                    uses,
                })
            }
            Origin::Local { path } => {
                let folder = self.local(path);
                let (name, uses) = self.look_into(sources, &folder)?;
                let locked = entry(&[("local", path)]);
                Ok(Chosen {
                    name,
                    locked,
                    version: format!("folder {path}"),
                    newer: None,
                    content: Content::Link(folder),
                    uses,
                })
            }
        }
    }

    fn local(&self, path: &str) -> PathBuf {
        let home = path.strip_prefix("~/").zip(std::env::var_os("HOME"));
        let folder = match home {
            Some((rest, home)) => PathBuf::from(home).join(rest),
            None => self.root.0.join(path),
        };
        folder.canonicalize().unwrap_or(folder)
    }

    /// The name of the project in a folder, and what it uses.
    fn look_into(&self, sources: &mut SourceMap, folder: &Path) -> Result<(String, Vec<Spec>), Problem> {
        let raw = RawProject::read(self.reader.files, sources, folder, self.reader.top)
            .map_err(|problem| Box::new(problem.note("every package is a project of its own")))?;
        let name = raw.name().unwrap_or_default();
        if name.is_empty() {
            return Err(Box::new(
                Diagnostic::error("bad-package", format!("the project in {} has no name", folder.display()))
                    .hint("its project file has to say `name: …`"),
            ));
        }
        Ok((name, self.reader.packages(sources, folder)?.specs))
    }
}

fn identity(origin: &Origin, version: &str) -> String {
    format!("{}@{version}", names(origin).swap_remove(0))
}

/// The names under which a package is known.
fn names(origin: &Origin) -> Vec<String> {
    match origin {
        Origin::Git { url, subdirectory, .. } => {
            let other = url.strip_suffix(".git").map_or_else(|| format!("{url}.git"), str::to_owned);
            let below = subdirectory.as_ref().map(|folder| format!("/{folder}")).unwrap_or_default();
            vec![format!("{url}{below}"), format!("{other}{below}")]
        }
        Origin::Tarball { url, .. } => vec![url.clone()],
        other => vec![other.label().to_owned()],
    }
}

/// Adds what an entry asks for to what is asked for already; returns its place.
fn incorporate(found: &mut Vec<Wanted>, spec: Spec) -> Result<usize, Problem> {
    let wanted = names(&spec.origin);
    let Some(place) = found.iter().position(|f| names(&f.origin).iter().any(|name| wanted.contains(name))) else {
        found.push(Wanted { origin: spec.origin, span: spec.span });
        return Ok(found.len() - 1);
    };
    let first = found[place].span;
    match (&mut found[place].origin, spec.origin) {
        (Origin::Hub { versions, .. }, Origin::Hub { versions: more, .. }) => {
            for version in more {
                if !versions.contains(&version) {
                    versions.push(version);
                }
            }
        }
        (Origin::Git { url, revisions, warn, .. }, Origin::Git { revisions: more, warn: also, .. }) => {
            *warn = *warn && also;
            revisions.extend(more);
            revisions.sort();
            revisions.dedup();
            if revisions.len() > 1 {
                let problem = format!("{} is asked for in revisions {}", scrub(url), revisions.join(" and "));
                return Err(Box::new(
                    Diagnostic::error("package-conflict", problem)
                        .at(spec.span.or(first), "")
                        .at(first.filter(|_| spec.span.is_some()), "and here")
                        .hint("one revision of a repository can be installed: let all who use it agree"),
                ));
            }
        }
        _ => {}
    }
    Ok(place)
}

fn unpinned(url: &str, revision: Option<&str>, span: Option<Span>) -> Diagnostic {
    let what =
        revision.filter(|r| *r != "HEAD").map_or_else(|| "no revision".to_owned(), |r| format!("the branch {r}"));
    Diagnostic::warning("unpinned-package", format!("{} is taken from {what}", scrub(url)))
        .at(span, "what is installed may change from day to day")
        .hint("name a tag or a commit: `revision: …`; `warn-unpinned: false` silences this")
}
