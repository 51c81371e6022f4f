//! Finds and reads every file of a project, in parallel. Evaluates nothing.

mod ignored;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dbt_yaml::Value;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::config::project::ProjectSettings;
use crate::config::yaml;
use crate::diagnostic::{Checked, Diagnostic};
use crate::files::Files;
use crate::load::ignored::Ignored;
use crate::source::{SourceId, SourceMap, Span};

/// What a file of a resource folder is, by folder and extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A SQL model.
    Model,
    /// A model in Python.
    PythonModel,
    /// A seed's CSV.
    Seed,
    /// A function of the warehouse.
    Function,
    /// A singular data test.
    Test,
    /// An analysis.
    Analysis,
    /// A file of `{% snapshot %}` blocks.
    Snapshot,
    /// A file of macros or generic tests.
    Macro,
    /// A properties file.
    Properties,
    /// A file of `{% docs %}` blocks.
    Docs,
    /// Rows of unit tests.
    Fixture,
}

/// One file of the project.
#[derive(Debug, Clone)]
pub struct ProjectFile {
    /// What it is.
    pub kind: FileKind,
    /// Relative to its resource folder, with `/`.
    pub path: String,
    /// Relative to the project's root, with `/`.
    pub file: String,
    /// Where it is on disk.
    pub absolute: PathBuf,
    /// Its text; a seed's is not read.
    pub source: Option<SourceId>,
    /// Its text without leading and trailing white space.
    pub span: Option<Span>,
    /// sha256 of that, in hexadecimal.
    pub checksum: String,
}

/// All files of a project, read and the YAML parsed.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every file but the properties files.
    pub files: Vec<ProjectFile>,
    /// The properties files.
    pub properties: Vec<(ProjectFile, Value)>,
}

/// Reads a text file, adding it to `sources` under its path relative to `root`.
///
/// # Errors
/// A file that can't be read or is not UTF-8.
pub fn read_text(
    files: &dyn Files,
    sources: &mut SourceMap,
    path: &Path,
    root: &Path,
) -> Result<SourceId, Box<Diagnostic>> {
    let shown = path.strip_prefix(root).unwrap_or(path).to_owned();
    let text = decode(files, path, &shown).map_err(|failure| failure.diagnose(sources))?;
    Ok(sources.add(shown, text))
}

/// Why a file has no text.
struct ReadFailure {
    shown: PathBuf,
    kind: ReadFailureKind,
}

enum ReadFailureKind {
    Io(std::io::Error),
    Encoding { lossy: String, at: usize, is_utf16: bool },
}

impl ReadFailure {
    fn diagnose(self, sources: &mut SourceMap) -> Box<Diagnostic> {
        let shown = self.shown.display().to_string();
        Box::new(match self.kind {
            ReadFailureKind::Io(error) => {
                Diagnostic::error("unreadable-file", format!("can't read {shown}: {}", io_words(&error)))
                    .hint("check that it is there and that you may read it")
            }
            ReadFailureKind::Encoding { lossy, at, is_utf16 } => {
                let id = sources.add(self.shown, lossy);
                let what = if is_utf16 { "it looks like UTF-16: save" } else { "save" };
                Diagnostic::error("not-utf8", format!("{shown} is not UTF-8 text"))
                    .at(Span::new(id, at, at + '\u{fffd}'.len_utf8()), "not UTF-8")
                    .hint(format!("{what} the file as UTF-8"))
            }
        })
    }
}

/// What the system says, without its number for it.
pub fn io_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

fn decode(files: &dyn Files, path: &Path, shown: &Path) -> Result<Arc<str>, ReadFailure> {
    let fail = |kind| ReadFailure { shown: shown.to_owned(), kind };
    let bytes = files.read(path).map_err(|e| fail(ReadFailureKind::Io(e)))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let is_utf16 = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
            let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Err(fail(ReadFailureKind::Encoding { lossy, at, is_utf16 }))
        }
    }
}

/// Finds and reads everything below the resource folders of a project. Paths are shown relative to `base`, the root of
/// the project that is run: that of a package lies below it.
pub fn load(files: &dyn Files, sources: &mut SourceMap, settings: &ProjectSettings, base: &Path) -> Checked<Loaded> {
    let mut diagnostics = Vec::new();
    let found = list(files, settings, &mut diagnostics);
    let shown = |file: &ProjectFile| match file.absolute.strip_prefix(base) {
        Ok(below) => below.to_owned(),
        Err(_) => file.absolute.clone(),
    };
    let texts: Vec<Option<Result<Arc<str>, ReadFailure>>> =
        found.par_iter().map(|f| (f.kind != FileKind::Seed).then(|| decode(files, &f.absolute, &shown(f)))).collect();
    let mut loaded = Loaded::default();
    let mut yaml_files = Vec::new();
    for (mut file, text) in found.into_iter().zip(texts) {
        match text {
            None => loaded.files.push(file),
            Some(Err(failure)) => {
                diagnostics.push(*failure.diagnose(sources));
                // What refers to it is right to do so.
                if file.kind != FileKind::Properties {
                    loaded.files.push(file);
                }
            }
            Some(Ok(text)) => {
                file.source = Some(sources.add(shown(&file), text));
                if file.kind == FileKind::Properties { yaml_files.push(file) } else { loaded.files.push(file) }
            }
        }
    }
    let shared: &SourceMap = sources;
    loaded.files.par_iter_mut().for_each(|f| digest(files, shared, f));
    let parsed: Vec<_> = yaml_files
        .into_par_iter()
        .filter_map(|f| {
            let id = f.source?;
            let mut notes = Vec::new();
            let parsed = yaml::parse_noting(id, shared.get(id), &mut notes);
            Some((f, parsed, notes))
        })
        .collect();
    for (file, result, notes) in parsed {
        diagnostics.extend(notes);
        match result {
            Ok(Some(value)) => loaded.properties.push((file, value)),
            Ok(None) => {}
            Err(d) => diagnostics.push(*d),
        }
    }
    Checked { value: loaded, diagnostics }
}

fn digest(files: &dyn Files, sources: &SourceMap, file: &mut ProjectFile) {
    let hash = match file.source {
        Some(id) => {
            let text = &sources.get(id).text;
            let start = text.len() - text.trim_start().len();
            let trimmed = text.trim();
            file.span = Some(Span::new(id, start, start + trimmed.len()));
            Sha256::digest(trimmed)
        }
        None => match files.read(&file.absolute) {
            Ok(bytes) => Sha256::digest(bytes.trim_ascii()),
            Err(_) => return,
        },
    };
    file.checksum = hex(&hash);
}

/// The checksum of a text, without the white space around it.
pub(crate) fn checksum(text: &str) -> String {
    hex(&Sha256::digest(text.trim()))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

fn list(files: &dyn Files, settings: &ProjectSettings, diagnostics: &mut Vec<Diagnostic>) -> Vec<ProjectFile> {
    let p = &settings.paths;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut failed = HashSet::new();
    let ignored = Ignored::read(files, &settings.root, diagnostics);
    for (folders, kind) in [
        (&p.models, Folder::Models),
        (&p.seeds, Folder::Seeds),
        (&p.tests, Folder::Tests),
        (&p.snapshots, Folder::Snapshots),
        (&p.analyses, Folder::Analyses),
        (&p.functions, Folder::Functions),
        (&p.macros, Folder::Macros),
        (&p.docs, Folder::Docs),
    ] {
        for folder in folders {
            let base = settings.root.join(folder);
            match walk(files, &base, settings) {
                Ok(paths) => {
                    for path in paths.into_iter().filter(|path| !ignored.covers(path)) {
                        found.extend(classify(path, &base, settings, kind).filter(|f| seen.insert(f.absolute.clone())));
                    }
                }
                Err(error) if failed.insert(folder) => diagnostics.push(
                    Diagnostic::error(
                        "unreadable-file",
                        format!("can't read the folder {folder}: {}", io_words(&error)),
                    )
                    .hint("check that you may read it and all below it"),
                ),
                Err(_) => {}
            }
        }
    }
    found
}

/// Never enters the folders of packages and of results.
fn walk(files: &dyn Files, base: &Path, settings: &ProjectSettings) -> std::io::Result<Vec<PathBuf>> {
    let packages = settings.root.join(&settings.packages_path);
    let target = settings.root.join(&settings.target_path);
    files.walk(base, &|folder| folder == packages || folder == target)
}

#[derive(Clone, Copy, PartialEq)]
enum Folder {
    Models,
    Seeds,
    Tests,
    Snapshots,
    Analyses,
    Functions,
    Macros,
    Docs,
}

fn classify(absolute: PathBuf, base: &Path, settings: &ProjectSettings, folder: Folder) -> Option<ProjectFile> {
    let slashed = |p: &Path| p.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    let path = slashed(absolute.strip_prefix(base).ok()?);
    let file = slashed(absolute.strip_prefix(&settings.root).unwrap_or(&absolute));
    let extension = absolute.extension()?.to_str()?.to_lowercase();
    let kind = match (extension.as_str(), folder) {
        ("yml" | "yaml", _) if folder != Folder::Docs => FileKind::Properties,
        ("md", _) => FileKind::Docs,
        ("sql", Folder::Models) => FileKind::Model,
        ("py", Folder::Models) => FileKind::PythonModel,
        ("csv", Folder::Seeds) => FileKind::Seed,
        ("sql", Folder::Tests) if path.starts_with("generic/") => FileKind::Macro,
        ("sql" | "csv", Folder::Tests) if path.starts_with("fixtures/") => FileKind::Fixture,
        ("sql", Folder::Tests) => FileKind::Test,
        ("sql", Folder::Snapshots) => FileKind::Snapshot,
        ("sql", Folder::Analyses) => FileKind::Analysis,
        ("sql", Folder::Functions) => FileKind::Function,
        ("sql", Folder::Macros) => FileKind::Macro,
        _ => return None,
    };
    Some(ProjectFile { kind, path, file, absolute, source: None, span: None, checksum: String::new() })
}
