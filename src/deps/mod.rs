//! `karat deps`: installs the packages that a project names.
//!
//! Everything is fetched into a folder of its own beside the packages and then takes their place in one step: who
//! interrupts it finds the packages that were there before.

mod archive;
mod git;
mod http;
mod hub;
mod listed;
mod lock;
mod resolve;
mod spec;
mod version;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value as Json;

use crate::deps::hub::Hub;
use crate::deps::listed::Reader;
use crate::deps::resolve::{Chosen, Content, Resolver};
use crate::deps::spec::Spec;
use crate::diagnostic::Diagnostic;
use crate::files::{Files, normal};
use crate::load::io_words;
use crate::source::SourceMap;

pub use self::listed::Listed;

/// What went wrong.
pub type Problem = Box<Diagnostic>;
/// Renders one text of a YAML file.
pub type Render<'a> = &'a dyn Fn(&str) -> Result<Json, Problem>;

/// A project whose packages are installed.
pub struct Deps<'a> {
    /// Where files are.
    pub files: &'a dyn Files,
    /// The project's folder.
    pub root: &'a Path,
    /// The project's name.
    pub name: &'a str,
    /// Where packages belong.
    pub install_path: PathBuf,
    /// How templates of the files are rendered.
    pub render: Render<'a>,
    /// Whether packages that ask for another dbt are refused.
    pub checks_version: bool,
    /// Tells the person what goes on.
    pub say: &'a dyn Fn(&str),
}

/// What is to be done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Task {
    /// Only write the lock file.
    pub lock_only: bool,
    /// Choose versions anew although the lock file is up to date.
    pub upgrade: bool,
}

impl Deps<'_> {
    fn reader(&self) -> Reader<'_> {
        Reader { files: self.files, top: self.root, render: self.render }
    }

    /// What the project's file lists.
    ///
    /// # Errors
    /// The file is wrong.
    pub fn listed(&self, sources: &mut SourceMap) -> Result<Listed, Problem> {
        self.reader().packages(sources, self.root)
    }

    /// Installs. Returns what is to be said although all went well.
    ///
    /// # Errors
    /// A file is wrong, a package can't be had, or something can't be written. The old packages stay then.
    pub fn install(&self, sources: &mut SourceMap, task: Task) -> Result<Vec<Diagnostic>, Problem> {
        if normal(self.root).starts_with(normal(&self.install_path)) {
            let problem = format!("packages would replace {}, which holds the project", self.install_path.display());
            return Err(Box::new(
                Diagnostic::error("bad-packages-path", problem)
                    .hint("`packages-install-path` names a folder of its own, such as `dbt_packages`"),
            ));
        }
        let stage = Stage::new(self)?;
        let done = self.install_in(&stage, sources, task);
        let cleared = self.files.remove_folder(&stage.folder);
        let warnings = done?;
        cleared.map_err(|error| cant_write(&stage.folder, &error))?;
        Ok(warnings)
    }

    fn install_in(&self, stage: &Stage, sources: &mut SourceMap, task: Task) -> Result<Vec<Diagnostic>, Problem> {
        let listed = self.listed(sources)?;
        let hash = lock::hash(&listed.specs);
        let is_current = !task.upgrade && self.reader().lock_hash(self.root).as_ref() == Some(&hash);
        let lock = if is_current { self.reader().lock(sources, self.root)? } else { None };
        let current = lock.filter(|lock| !lock.hides_secrets());
        let mut resolver = Resolver {
            reader: self.reader(),
            root: (self.root, self.name),
            downloads: stage.folder.join("downloads"),
            hub: Hub::new(self.checks_version),
            warnings: Vec::new(),
            fetched: HashMap::new(),
        };
        let specs: &[Spec] = current.as_ref().map_or(&listed.specs, |lock| &lock.specs);
        let chosen = resolver.resolve(sources, specs, current.is_none())?;
        if specs.is_empty() {
            (self.say)(&format!("There are no packages in {}", listed.file));
        }
        if !task.lock_only {
            self.stage(stage, &chosen)?;
        }
        if current.is_none() && !listed.specs.is_empty() {
            self.write_lock(&chosen, &hash)?;
        }
        if !task.lock_only {
            stage.swap(self)?;
        }
        Ok(resolver.warnings)
    }

    fn write_lock(&self, chosen: &[Rc<Chosen>], hash: &str) -> Result<(), Problem> {
        let entry = |package: &Rc<Chosen>| {
            let name = ("name".to_owned(), Json::from(package.name.as_str()));
            package.locked.iter().cloned().chain([name]).collect::<Vec<_>>()
        };
        let entries: Vec<_> = chosen.iter().map(entry).collect();
        let path = self.root.join(lock::LOCK);
        self.files
            .write(&path, lock::list(&entries, Some(hash)).as_bytes())
            .map_err(|error| cant_write(&path, &error))?;
        (self.say)(&format!("Wrote {}", lock::LOCK));
        Ok(())
    }

    /// Puts every package where the swap finds it.
    fn stage(&self, stage: &Stage, chosen: &[Rc<Chosen>]) -> Result<(), Problem> {
        self.files.make_folder(&stage.packages).map_err(|error| cant_write(&stage.packages, &error))?;
        for package in chosen {
            let place = stage.packages.join(&package.name);
            let put = match &package.content {
                Content::Folder(folder) => self.files.rename(folder, &place),
                Content::Link(folder) => self.files.link(folder, &place),
                Content::Archive(url) => {
                    let shown = crate::secrets::scrub(url);
                    archive::unpack(self.files, &http::get(url)?, &place, &shown)?;
                    Ok(())
                }
            };
            put.map_err(|error| cant_write(&place, &error))?;
            let newer = package.newer.as_ref().map(|v| format!(" (the newest is {v})"));
            let newer = newer.unwrap_or_default();
            (self.say)(&format!("Installed {} from {}{newer}", package.name, package.version));
        }
        Ok(())
    }

    /// Adds an entry to the file that lists packages, in place of one for the same package.
    ///
    /// # Errors
    /// The file is wrong, or can't be written.
    pub fn add(&self, sources: &mut SourceMap, entry: &[(String, Json)]) -> Result<(), Problem> {
        let listed = self.listed(sources)?;
        let path = self.root.join(listed.file);
        let added = entry.iter().find_map(|(_, v)| v.as_str()).unwrap_or_default();
        let is_other = |old: &&Json| !same_package(old, added);
        let kept: Vec<&Json> = listed.written.iter().filter(is_other).collect();
        let old = self.files.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let new = lock::list(&[entry.to_vec()], None);
        let new = new.split_once('\n').map_or("", |(_, rest)| rest);
        let text = match old.filter(|text| kept.len() == listed.written.len() && ends_with_entry(text)) {
            // What the person wrote stays as it is.
            Some(text) => format!("{}\n{new}", text.trim_end()),
            None => {
                let pairs = |json: &Json| -> Vec<(String, Json)> {
                    json.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect()
                };
                let entries: Vec<_> = kept.into_iter().map(pairs).chain([entry.to_vec()]).collect();
                lock::list(&entries, None)
            }
        };
        self.files.write(&path, text.as_bytes()).map_err(|error| cant_write(&path, &error))?;
        (self.say)(&format!("Added {added} to {}", listed.file));
        Ok(())
    }
}

/// Whether a file of one list, whose entries are indented by two, ends with an entry.
fn ends_with_entry(text: &str) -> bool {
    let mut keys = text.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '#', '-']));
    keys.next().is_some_and(|key| key.trim_end() == "packages:")
        && keys.next().is_none()
        && text.lines().any(|line| line.starts_with("  - "))
}

/// Whether an entry is for a package of this name, wherever it comes from: `dbt-labs/dbt_utils` and
/// `https://github.com/dbt-labs/dbt-utils.git` are one.
fn same_package(entry: &Json, name: &str) -> bool {
    let keys = ["package", "git", "local", "tarball", "private"];
    let Some(source) = keys.iter().find_map(|key| entry.get(*key).and_then(Json::as_str)) else { return false };
    let plain = |text: &str| text.replace('-', "_").trim_end_matches(".git").to_owned();
    let (source, name) = (plain(source), plain(name));
    let short = name.rsplit('/').next().unwrap_or(&name).to_owned();
    source == name || source.rsplit('/').next() == Some(&short)
}

fn cant_write(path: &Path, error: &std::io::Error) -> Problem {
    Box::new(
        Diagnostic::error("unwritable-file", format!("can't write {}: {}", path.display(), io_words(error)))
            .hint("check who may write there, and that the disk is not full"),
    )
}

/// The folder in which packages are made ready, beside the one in which they belong.
struct Stage {
    folder: PathBuf,
    packages: PathBuf,
    old: PathBuf,
}

impl Stage {
    /// Clears away what an interrupted run left. Packages that it had moved aside go back.
    fn new(deps: &Deps<'_>) -> Result<Self, Problem> {
        let name = deps.install_path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = deps.install_path.with_file_name(format!(".{name}.karat"));
        let stage = Self { packages: folder.join("packages"), old: folder.join("old"), folder };
        if deps.files.exists(&stage.old) && !deps.files.exists(&deps.install_path) {
            deps.files.rename(&stage.old, &deps.install_path).map_err(|error| cant_write(&stage.old, &error))?;
        }
        let fresh = deps
            .files
            .remove_folder(&stage.folder)
            .and_then(|()| deps.files.make_folder(&stage.folder.join("downloads")));
        fresh.map_err(|error| cant_write(&stage.folder, &error))?;
        Ok(stage)
    }

    /// Puts the new packages in the place of the old.
    fn swap(&self, deps: &Deps<'_>) -> Result<(), Problem> {
        let place = &deps.install_path;
        if deps.files.exists(place) {
            deps.files.rename(place, &self.old).map_err(|error| cant_write(place, &error))?;
        }
        deps.files.rename(&self.packages, place).map_err(|error| {
            let _ = deps.files.rename(&self.old, place);
            cant_write(place, &error)
        })
    }
}
