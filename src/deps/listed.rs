//! Reading `packages.yml`, `dependencies.yml` and the lock file.

use std::path::Path;

use serde_json::Value as Json;

use crate::config::yaml::{self, span_of, to_json};
use crate::deps::lock::{HASH, LOCK};
use crate::deps::spec::Spec;
use crate::deps::{Problem, Render};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::load::read_text;
use crate::packages::LISTS;
use crate::secrets::HIDDEN;
use crate::source::{SourceMap, Span};

/// What a file lists.
#[derive(Debug, Default)]
pub struct Listed {
    /// The name of the file that counts.
    pub file: &'static str,
    /// Its entries.
    pub specs: Vec<Spec>,
    /// The entries as they stand in the file.
    pub written: Vec<Json>,
}

impl Listed {
    /// Whether an address is not written out because a secret stood in it.
    pub fn hides_secrets(&self) -> bool {
        self.specs.iter().any(|spec| spec.origin.label().contains(HIDDEN))
    }
}

/// The files that list packages, and how they are read.
pub struct Reader<'a> {
    /// Where they are.
    pub files: &'a dyn Files,
    /// Relative to what they are shown.
    pub top: &'a Path,
    /// How their templates are rendered.
    pub render: Render<'a>,
}

impl Reader<'_> {
    /// The packages that the project in a folder uses.
    ///
    /// # Errors
    /// The file that says so is wrong.
    pub fn packages(&self, sources: &mut SourceMap, folder: &Path) -> Result<Listed, Problem> {
        let [dependencies, packages] = LISTS;
        let first = self.read(sources, folder, packages)?;
        let second = self.read(sources, folder, dependencies)?;
        match (first, second) {
            (Some(first), Some(second)) => match (first.key, second.key) {
                (Some(first), Some(_)) => Err(Box::new(
                    Diagnostic::error("bad-package", format!("{packages} and {dependencies} both list packages"))
                        .at(first, "")
                        .hint("move all of them into one of the files"),
                )),
                (None, Some(_)) => Ok(second.listed),
                _ => Ok(first.listed),
            },
            (Some(one), None) | (None, Some(one)) => Ok(one.listed),
            (None, None) => Ok(Listed { file: packages, ..Listed::default() }),
        }
    }

    /// Of which entries the lock file of a folder was made, if it says so.
    pub fn lock_hash(&self, folder: &Path) -> Option<String> {
        let mut sources = SourceMap::default();
        let id = read_text(self.files, &mut sources, &folder.join(LOCK), self.top).ok()?;
        let lock = yaml::parse(id, sources.get(id)).ok()??;
        lock.get(HASH).and_then(yaml::scalar_text)
    }

    /// What the lock file of a folder says, if there is one.
    ///
    /// # Errors
    /// It is no lock file.
    pub fn lock(&self, sources: &mut SourceMap, folder: &Path) -> Result<Option<Listed>, Problem> {
        Ok(self.read(sources, folder, LOCK)?.map(|file| file.listed))
    }

    fn read(&self, sources: &mut SourceMap, folder: &Path, name: &'static str) -> Result<Option<File>, Problem> {
        let path = folder.join(name);
        if !self.files.exists(&path) {
            return Ok(None);
        }
        let id = read_text(self.files, sources, &path, self.top)?;
        let mut file = File { listed: Listed { file: name, ..Listed::default() }, key: None };
        let Some(written) = yaml::parse(id, sources.get(id))? else { return Ok(Some(file)) };
        let mut rendered = written.clone();
        let problems = yaml::render(id, &mut rendered, &mut Vec::new(), self.render, &|_| false);
        if let Some(problem) = problems.into_iter().find(Diagnostic::is_error) {
            return Err(Box::new(problem));
        }
        let Some(list) = rendered.get("packages") else { return Ok(Some(file)) };
        file.key = Some(span_of(id, list));
        let (Some(list), Some(originals)) =
            (list.as_sequence(), written.get("packages").and_then(|list| list.as_sequence()))
        else {
            return match to_json(list) {
                Json::Null => Ok(Some(file)),
                _ => Err(Box::new(
                    Diagnostic::error("bad-package", format!("`packages` of {name} is no list"))
                        .at(file.key, "")
                        .hint("write one entry for each package: `- package: owner/name` and `version: …`"),
                )),
            };
        };
        for (entry, original) in list.iter().zip(originals) {
            let original_json = to_json(original);
            file.listed.specs.push(Spec::read(&to_json(entry), &original_json, Some(span_of(id, original)))?);
            file.listed.written.push(original_json);
        }
        Ok(Some(file))
    }
}

struct File {
    listed: Listed,
    /// Where `packages` stands.
    key: Option<Span>,
}
