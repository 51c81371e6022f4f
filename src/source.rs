//! The text of every file that was read, shared by all diagnostics.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Names one file of a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }
}

/// One file: where it is and what it says.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path, relative to the project's root where it lies below it.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
}

impl SourceFile {
    /// The byte range of the line with this number (1-based), without its line break.
    pub fn line_range(&self, line: usize) -> (usize, usize) {
        let mut start = 0;
        for (index, text) in self.text.split_inclusive('\n').enumerate() {
            if index + 1 == line {
                return (start, start + text.trim_end_matches(['\n', '\r']).len());
            }
            start += text.len();
        }
        (self.text.len(), self.text.len())
    }
}

/// All files of one invocation. Files are only ever added.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its name.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { path: path.into(), text: text.into() });
        id
    }

    /// The file of this name.
    pub fn get(&self, id: SourceId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text of this file, to keep.
    pub fn text(&self, id: SourceId) -> Arc<str> {
        self.get(id).text.clone()
    }

    /// The file at this path, if it was read.
    pub fn find(&self, path: &Path) -> Option<SourceId> {
        self.files.iter().position(|f| f.path == path).map(|i| SourceId(i as u32))
    }

    /// Line and column (both 1-based, the column in characters) of a byte of a file.
    pub fn position(&self, id: SourceId, offset: u32) -> (usize, usize) {
        let text = &self.get(id).text;
        let upto = &text[..floor_char(text, offset as usize)];
        let line = upto.matches('\n').count() + 1;
        let column = upto.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// The nearest character boundary at or below `offset`.
pub fn floor_char(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
