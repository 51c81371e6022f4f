//! The installed packages of a project: each is a project of its own, below `packages-install-path`.

use std::path::{Path, PathBuf};

use karat_jinja::Engine;
use serde_json::{Map, Value as Json};

use crate::config::project::{self, ProjectSettings, RawProject};
use crate::config::yaml;
use crate::diagnostic::{Checked, Diagnostic};
use crate::files::Files;
use crate::jinja::yaml_context::YamlContext;
use crate::load::{io_words, read_text};
use crate::source::{SourceMap, Span};

/// The files that list packages, the one that counts where both are there last.
pub const LISTS: [&str; 2] = ["dependencies.yml", "packages.yml"];

/// Codes of errors after which the rest of the project is not worth looking at.
pub const CODES: [&str; 3] = ["packages-not-installed", "not-a-package", "duplicate-package"];

/// The settings of every installed package, by name, in the order of their folders.
///
/// Packages that are listed and not installed, a folder without a project, and two packages of one name are errors.
pub fn installed(
    files: &dyn Files,
    sources: &mut SourceMap,
    root: &ProjectSettings,
    context: &YamlContext,
    engine: &Engine,
) -> Checked<Vec<ProjectSettings>> {
    let mut diagnostics = Vec::new();
    let folder = root.root.join(&root.packages_path);
    let folders = files.folders(&folder).unwrap_or_else(|error| {
        let problem = format!("can't read the folder {}: {}", root.packages_path, io_words(&error));
        diagnostics.push(Diagnostic::error("unreadable-file", problem).hint("check that you may read it"));
        Vec::new()
    });
    let folders: Vec<PathBuf> = folders.into_iter().filter(|f| !file_name(f).starts_with("__")).collect();
    diagnostics.extend(missing(files, sources, root, folders.len()));
    let mut found: Vec<ProjectSettings> = Vec::new();
    for folder in folders {
        let shown = format!("{}/{}", root.packages_path, file_name(&folder));
        if project::find(files, &folder).is_none() {
            diagnostics.push(
                Diagnostic::error("not-a-package", format!("{shown} has no dbt_project.yml"))
                    .hint("remove the folder, or install the packages anew: `karat deps`"),
            );
            continue;
        }
        let raw = match RawProject::read(files, sources, &folder, &root.root) {
            Ok(raw) => raw,
            Err(problem) => {
                diagnostics.push(*problem);
                continue;
            }
        };
        // Variables of the project and of the command line are none of a package's project file.
        let own = YamlContext { vars: Map::new(), has_project_vars: false, ..context.clone() };
        let settings = raw.resolve(&|text| own.render(engine, text)).unpack(&mut diagnostics);
        let twin = std::iter::once(root).chain(&found).find(|other| other.name == settings.name);
        match twin {
            _ if settings.name.is_empty() => {}
            Some(other) => diagnostics.push(
                Diagnostic::error("duplicate-package", format!("there are two packages `{}`", settings.name))
                    .at(name_span(sources, &settings), format!("in {shown}"))
                    .at(name_span(sources, other), "and here")
                    .hint("list it once in packages.yml, and run `karat deps`"),
            ),
            None => found.push(settings),
        }
    }
    Checked { value: found, diagnostics }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The line of the project file that names it.
fn name_span(sources: &SourceMap, settings: &ProjectSettings) -> Option<Span> {
    let source = settings.source?;
    let at = sources.get(source).text.find(&settings.name)?;
    Some(Span::new(source, at, at + settings.name.len()))
}

/// What `var` finds in the YAML of a package: `--vars` over the `vars:` of `levels`, the weaker first, in each those for
/// the package over those for all.
pub fn vars_for(package: &str, levels: &[&Map<String, Json>], cli: &Map<String, Json>) -> Map<String, Json> {
    let mut vars = Map::new();
    for level in levels {
        vars.extend((*level).clone());
        if let Some(Json::Object(own)) = level.get(package) {
            vars.extend(own.clone());
        }
    }
    vars.extend(cli.clone());
    vars
}

/// The error for packages that are listed while fewer are installed, as in dbt.
fn missing(files: &dyn Files, sources: &mut SourceMap, root: &ProjectSettings, installed: usize) -> Option<Diagnostic> {
    let (name, listed) = LISTS.iter().rev().find_map(|name| {
        let path = root.root.join(name);
        let id = files.exists(&path).then(|| read_text(files, sources, &path, &root.root).ok())??;
        let value = yaml::parse(id, sources.get(id)).ok()??;
        let count = value.get("packages").and_then(|list| list.as_sequence()).map_or(0, |list| list.len());
        Some((*name, count))
    })?;
    (listed > installed).then(|| {
        let are = if installed == 1 { "1 is".to_owned() } else { format!("{installed} are") };
        Diagnostic::error("packages-not-installed", format!("{name} lists {listed} packages, and {are} installed"))
            .note(format!("they belong in {}", root.packages_path))
            .hint("install them: `karat deps`")
    })
}
