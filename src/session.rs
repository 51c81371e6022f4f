//! Wires one invocation: from the command line's options to a graph that is ready to be selected from and run.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use jiff::Timestamp;
use karat_jinja::{BlockKind, Engine, blocks};
use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use crate::batches;
use crate::config::profile::{self, Choice, Target};
use crate::config::project::{self, ProjectSettings, RawProject};
use crate::config::{properties, yaml};
use crate::diagnostic::Diagnostic;
use crate::discover::{Discovered, Part, PropertiesFile, discover};
use crate::files::Files;
use crate::graph::Graph;
use crate::inputs::Inputs;
use crate::jinja::macros::Macros;
use crate::jinja::report;
use crate::jinja::shared::{Catalog, Shared, Talk};
use crate::jinja::yaml_context::YamlContext;
use crate::load::{FileKind, ProjectFile, load, read_text};
use crate::node::Node;
use crate::packages;
use crate::report::artifacts::{DocBlock, GroupInfo, MacroInfo};
use crate::resolve::Resolver;
use crate::select::Selectors;
use crate::source::{SourceMap, Span};
use crate::warehouse;
use crate::warn_errors::WarnErrors;

/// What the command line and the environment say about the invocation as a whole.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--project-dir`.
    pub project_dir: Option<PathBuf>,
    /// `--profiles-dir`.
    pub profiles_dir: Option<PathBuf>,
    /// `--profile`, `--target`, `--threads`.
    pub choice: Choice,
    /// `--target-path`.
    pub target_path: Option<PathBuf>,
    /// `--vars`, parsed.
    pub vars: Map<String, Json>,
    /// `flags.…` of templates, by upper-case name.
    pub flags: Map<String, Json>,
    /// Names the invocation.
    pub invocation_id: String,
    /// What the run takes of its inputs.
    pub inputs: Inputs,
    /// Which warnings are errors.
    pub warn_errors: WarnErrors,
}

/// A project, read and understood as far as that goes without a warehouse.
pub struct Session {
    /// The text of every file.
    pub sources: SourceMap,
    /// What all templates see.
    pub shared: Arc<Shared>,
    /// The nodes that take part.
    pub graph: Arc<Graph>,
    /// The nodes that are switched off.
    pub disabled: Vec<Node>,
    /// Data tests of nodes that do not take part.
    pub left_out: Vec<Node>,
    /// `{% docs %}` blocks, for the manifest.
    pub docs: Vec<DocBlock>,
    /// Groups, for the manifest.
    pub groups: Vec<GroupInfo>,
    /// What properties files say about macros, by unique id.
    pub described: HashMap<String, MacroInfo>,
    /// Selectors of `selectors.yml`.
    pub selectors: Selectors,
    /// Where artifacts go.
    pub target_path: PathBuf,
    /// What is to be said although nothing stands in the way.
    pub warnings: Vec<Diagnostic>,
}

/// Why there is no session.
pub struct Failure {
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that they point into.
    pub sources: SourceMap,
}

/// A project before anything but its own file and the profile was read.
pub struct Base {
    /// The files read so far.
    pub sources: SourceMap,
    /// The project's settings.
    pub settings: ProjectSettings,
    /// The chosen target.
    pub target: Target,
    /// Where `profiles.yml` was found.
    pub profiles_file: PathBuf,
    context: YamlContext,
    engine: Engine,
    problems: Vec<Diagnostic>,
}

type Stage<T> = Result<T, Vec<Diagnostic>>;

/// The folder of the project: the one named, or the nearest above the current one that has a project file.
pub fn project_root(files: &dyn Files, named: Option<&Path>) -> PathBuf {
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    match named {
        Some(folder) => current.join(folder),
        None => current.ancestors().find(|f| project::find(files, f).is_some()).unwrap_or(&current).to_owned(),
    }
}

/// What renders templates in YAML files.
pub fn plain_engine() -> Engine {
    let mut engine = Engine::new();
    for (name, value) in karat_jinja::builtins() {
        engine.add_global(name, value);
    }
    engine
}

impl Base {
    /// Reads project file and profile.
    ///
    /// # Errors
    /// Everything that is wrong with the two.
    pub fn open(files: &dyn Files, options: &Options) -> Result<Self, Failure> {
        let base = Self::open_anyhow(files, options)?;
        match base.problems.iter().any(Diagnostic::is_error) {
            true => Err(Failure { diagnostics: base.problems, sources: base.sources }),
            false => Ok(base),
        }
    }

    /// Reads project file and profile, as far as the rest of the project can be read with them.
    fn open_anyhow(files: &dyn Files, options: &Options) -> Result<Self, Failure> {
        let mut sources = SourceMap::default();
        let root = project_root(files, options.project_dir.as_deref());
        let parts = Self::read(files, &mut sources, &root, options);
        match parts {
            Ok((settings, target, profiles_file, context, engine, problems)) => {
                Ok(Self { sources, settings, target, profiles_file, context, engine, problems })
            }
            Err(diagnostics) => Err(Failure { diagnostics, sources }),
        }
    }

    #[allow(clippy::type_complexity)]
    fn read(
        files: &dyn Files,
        sources: &mut SourceMap,
        root: &Path,
        options: &Options,
    ) -> Stage<(ProjectSettings, Target, PathBuf, YamlContext, Engine, Vec<Diagnostic>)> {
        let one = |d: Box<Diagnostic>| vec![*d];
        let raw = RawProject::read(files, sources, root, root).map_err(one)?;
        let engine = plain_engine();
        // Project and profile see the variables of the command line only, as in dbt.
        let mut context = YamlContext { vars: options.vars.clone(), ..YamlContext::default() };
        let mut choice = options.choice.clone();
        if choice.profile.is_none() {
            choice.profile = match raw.profile() {
                Some(text) => Some(text_of(&context.render(&engine, &text).map_err(one)?)),
                None => None,
            };
        }
        let path = profile::find(files, options.profiles_dir.as_deref(), root).map_err(one)?;
        context.secrets = true;
        let target = profile::read(files, sources, &path, root, &choice, &|t| context.render(&engine, t))?;
        context.secrets = false;
        context.target = Some(target.clone());
        let checked = raw.resolve(&|t| context.render(&engine, t));
        let own = &checked.value;
        context.vars = packages::vars_for(&own.name, &[&own.vars], &options.vars);
        context.has_project_vars = true;
        match checked.value.name.is_empty() {
            true => Err(checked.diagnostics),
            false => Ok((checked.value, target, path, context, engine, checked.diagnostics)),
        }
    }
}

fn text_of(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

impl Session {
    /// Reads the whole project and builds the graph.
    ///
    /// # Errors
    /// Everything that is wrong with the project, all at once as far as possible.
    pub fn open(files: &dyn Files, options: &Options, talk: Box<dyn Talk>) -> Result<Self, Failure> {
        let mut base = Base::open_anyhow(files, options)?;
        match Self::build(files, &mut base, options, talk) {
            Ok(parts) => Ok(Self { sources: base.sources, ..parts }),
            Err(diagnostics) => Err(Failure { diagnostics, sources: base.sources }),
        }
    }

    fn build(files: &dyn Files, base: &mut Base, options: &Options, talk: Box<dyn Talk>) -> Stage<Self> {
        let dialect = warehouse::dialect(&base.target).map_err(|d| vec![*d])?;
        let mut diagnostics = std::mem::take(&mut base.problems);
        let packages = packages::installed(files, &mut base.sources, &base.settings, &base.context, &base.engine);
        let packages = packages.unpack(&mut diagnostics);
        if diagnostics.iter().any(|d| packages::CODES.contains(&d.code)) {
            return Err(diagnostics);
        }
        let root = base.settings.root.clone();
        let mut parts: Vec<Part> = Vec::with_capacity(packages.len() + 1);
        for settings in std::iter::once(base.settings.clone()).chain(packages) {
            let loaded = load(files, &mut base.sources, &settings, &root).unpack(&mut diagnostics);
            parts.push(Part { settings, loaded, properties: Vec::new() });
        }
        let (mut macros, problems) = Macros::new(&base.settings.name, &base.target.kind, &mut base.sources);
        diagnostics.extend(problems);
        for (package, file) in files_of(&parts, FileKind::Macro) {
            if let Some(id) = file.source {
                diagnostics.extend(macros.add_file(package, &file.file, id, &base.sources));
            }
        }
        let docs = docs_blocks(base, &parts, &mut diagnostics);
        let selectors = read_selectors(files, base, &mut diagnostics);
        for part in &mut parts {
            read_properties(base, part, &options.vars, &mut diagnostics);
        }
        if parts.iter().all(nothing_to_do) {
            diagnostics.push(empty_project(&base.settings));
        }
        let target_path = match &options.target_path {
            Some(path) => base.settings.root.join(path),
            None => base.settings.root.join(&base.settings.target_path),
        };
        let shared = Arc::new(Shared {
            settings: base.settings.clone(),
            packages: parts.iter().skip(1).map(|p| (p.settings.name.clone(), p.settings.clone())).collect(),
            target: base.target.clone(),
            dialect,
            cli_vars: options.vars.clone(),
            flags: options.flags.clone(),
            invocation_id: options.invocation_id.clone(),
            started_at: Timestamp::now(),
            macros,
            docs: docs.iter().map(|d| ((d.package.clone(), d.name.clone()), d.block_contents.clone())).collect(),
            talk,
            graph: OnceLock::new(),
            groups: OnceLock::new(),
            graph_value: OnceLock::new(),
            catalog: RwLock::new(Catalog::default()),
            selected: OnceLock::new(),
            deferred: OnceLock::new(),
            changed: std::sync::RwLock::default(),
            warned: std::sync::Mutex::default(),
            inputs: options.inputs.clone(),
            warn_errors: options.warn_errors.clone(),
        });
        let found = discover(&shared, &base.sources, &parts).unpack(&mut diagnostics);
        let Discovered { nodes, disabled, groups, macros: described, left_out } = found;
        diagnostics.extend(nodes.iter().filter(|n| batches::is_microbatch(n)).filter_map(|n| batches::check(n).err()));
        let resolver = Resolver::new(&nodes, &base.settings);
        let graph = Arc::new(Graph::new(nodes));
        diagnostics.extend(graph.cycles());
        if diagnostics.iter().any(Diagnostic::is_error) {
            drop_followers(&mut diagnostics, &parts, &base.sources);
            return Err(diagnostics);
        }
        diagnostics.extend(batches::unfiltered(&graph));
        let _ = shared.graph.set((graph.clone(), resolver));
        let _ = shared.groups.set(groups.clone());
        Ok(Self {
            sources: SourceMap::default(),
            shared,
            graph,
            disabled,
            left_out,
            docs,
            groups,
            described,
            selectors,
            target_path,
            warnings: diagnostics,
        })
    }
}

/// Leaves out what is only said because a file could not be understood: what it would have declared is missing.
fn drop_followers(diagnostics: &mut Vec<Diagnostic>, parts: &[Part], sources: &SourceMap) {
    let is_code = |d: &Diagnostic, codes: &[&str]| codes.contains(&d.code);
    let is_yaml = |d: &Diagnostic| {
        let file = d.labels.first().map(|l| sources.get(l.span.source));
        file.is_none_or(|f| f.path.extension().is_some_and(|e| e == "yml" || e == "yaml"))
    };
    let yaml = diagnostics.iter().any(|d| is_code(d, &["yaml-syntax", "not-utf8", "unreadable-file"]) && is_yaml(d));
    let macros: Vec<_> = files_of(parts, FileKind::Macro).map(|(_, f)| f.source).collect();
    let in_macros = |d: &Diagnostic| macros.contains(&d.labels.first().map(|l| l.span.source));
    let broken_macros =
        diagnostics.iter().any(|d| is_code(d, &["jinja-syntax", "not-utf8"]) && in_macros(d)) || macros.contains(&None);
    diagnostics.retain(|d| {
        !(yaml && is_code(d, &["unknown-source"])
            || broken_macros && is_code(d, &["unknown-test", "unknown-macro", "undefined-name"]))
    });
}

/// The files of one kind, each with the package that it belongs to.
fn files_of(parts: &[Part], kind: FileKind) -> impl Iterator<Item = (&str, &ProjectFile)> {
    parts.iter().flat_map(move |part| {
        let files = part.loaded.files.iter().filter(move |f| f.kind == kind);
        files.map(|f| (part.settings.name.as_str(), f))
    })
}

fn nothing_to_do(part: &Part) -> bool {
    part.loaded.files.iter().all(|f| matches!(f.kind, FileKind::Macro | FileKind::Docs))
        && part
            .properties
            .iter()
            .all(|p| p.properties.sources.is_empty() && p.properties.exposures.is_empty() && !p.has_snapshots())
}

fn empty_project(settings: &ProjectSettings) -> Diagnostic {
    Diagnostic::warning("empty-project", format!("the project `{}` has no models, seeds or tests", settings.name))
        .hint(format!("put a SQL file below {}", settings.paths.models.join(" or ")))
}

fn docs_blocks(base: &Base, parts: &[Part], diagnostics: &mut Vec<Diagnostic>) -> Vec<DocBlock> {
    let mut found = Vec::new();
    let mut seen: HashMap<String, Span> = HashMap::new();
    for (package, file) in files_of(parts, FileKind::Docs) {
        let Some(id) = file.source else { continue };
        let text = base.sources.text(id);
        let split = match blocks(&text) {
            Ok(split) => split,
            Err(error) => {
                let span = Span::new(id, error.span.start, error.span.end);
                diagnostics.push(report::syntax(&error.message).at(span, ""));
                continue;
            }
        };
        for block in split.into_iter().filter(|b| b.kind == BlockKind::Docs) {
            let span = Span::new(id, block.span.start, block.span.end);
            let unique_id = format!("doc.{package}.{}", block.name);
            if let Some(first) = seen.insert(unique_id.clone(), span) {
                diagnostics.push(
                    Diagnostic::error("duplicate-doc", format!("there are two docs blocks `{}`", block.name))
                        .at(span, "again here")
                        .at(first, "first here")
                        .hint("rename one of them"),
                );
            }
            found.push(DocBlock {
                unique_id,
                name: block.name,
                package: package.to_owned(),
                path: file.path.clone(),
                original_file_path: file.file.clone(),
                block_contents: text[block.body].trim().into(),
            });
        }
    }
    found
}

fn read_selectors(files: &dyn Files, base: &mut Base, diagnostics: &mut Vec<Diagnostic>) -> Selectors {
    let path = base.settings.root.join("selectors.yml");
    if !files.exists(&path) {
        return Selectors::default();
    }
    match read_text(files, &mut base.sources, &path, &base.settings.root) {
        Ok(id) => match yaml::parse(id, base.sources.get(id)) {
            Ok(Some(mut value)) => {
                let render = |text: &str| base.context.render(&base.engine, text);
                diagnostics.extend(yaml::render(id, &mut value, &mut Vec::new(), &render, &|_| false));
                Selectors::from_value(id, &value).unpack(diagnostics)
            }
            Ok(None) => Selectors::default(),
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                Selectors::default()
            }
        },
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Selectors::default()
        }
    }
}

fn read_properties(base: &Base, part: &mut Part, cli: &Map<String, Json>, diagnostics: &mut Vec<Diagnostic>) {
    let settings = &part.settings;
    let context = match settings.name == base.settings.name {
        true => base.context.clone(),
        false => {
            let vars = packages::vars_for(&settings.name, &[&settings.vars, &base.settings.vars], cli);
            YamlContext { vars, ..base.context.clone() }
        }
    };
    let read: Vec<_> = std::mem::take(&mut part.loaded.properties)
        .into_par_iter()
        .filter_map(|(file, value)| {
            let render = |text: &str| context.render(&base.engine, text);
            let checked = properties::read(file.source?, value, &render);
            Some((file, checked))
        })
        .collect();
    part.properties = read
        .into_iter()
        .map(|(file, checked)| PropertiesFile { file, properties: checked.unpack(diagnostics) })
        .collect();
}
