//! The files that a project leaves out: `.dbtignore` at its root, written like a `.gitignore`.
//!
//! Source: <https://docs.getdbt.com/reference/dbtignore>.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::load::io_words;

const NAME: &str = ".dbtignore";

/// What `.dbtignore` covers.
pub struct Ignored(Gitignore);

impl Ignored {
    /// Reads the file, if there is one. A line that is no pattern, or a file that can't be read, is a diagnostic.
    pub fn read(files: &dyn Files, root: &Path, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let path = root.join(NAME);
        if !files.exists(&path) {
            return Self(Gitignore::empty());
        }
        let bytes = files.read(&path).unwrap_or_else(|error| {
            let problem = format!("can't read {NAME}: {}", io_words(&error));
            diagnostics.push(
                Diagnostic::error("unreadable-file", problem).hint("check that it is a file and that you may read it"),
            );
            Vec::new()
        });
        let mut builder = GitignoreBuilder::new(root);
        for (number, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            if let Err(error) = builder.add_line(None, line) {
                let what = match error {
                    ignore::Error::Glob { err, .. } => err,
                    other => other.to_string(),
                };
                diagnostics.push(
                    Diagnostic::warning("bad-ignore-pattern", format!("{NAME}, line {}: `{line}`: {what}", number + 1))
                        .hint("the line is passed over; patterns are written as in a .gitignore"),
                );
            }
        }
        Self(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether a file below the root is left out.
    pub fn covers(&self, file: &Path) -> bool {
        !self.0.is_empty() && self.0.matched_path_or_any_parents(file, false).is_ignore()
    }
}
