//! `project.yml` (or `dbt_project.yml`): what a project is and where its parts are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use dbt_yaml::Value;
use serde_json::{Map, Value as Json};

use crate::config::yaml::{self, Fields, Render, span_of};
use crate::diagnostic::{Checked, Diagnostic};
use crate::files::Files;
use crate::node::ResourceType;
use crate::source::{SourceId, SourceMap};

/// The names a project file may have, the native one first.
pub const FILE_NAMES: [&str; 2] = ["project.yml", "dbt_project.yml"];

/// Where packages are installed unless the project says otherwise.
pub const PACKAGES: &str = "dbt_packages";

/// A project's settings, with every default filled in.
#[derive(Debug, Clone, Default)]
pub struct ProjectSettings {
    /// Its name, the first part of every fqn.
    pub name: String,
    /// Its version, as written.
    pub version: Option<String>,
    /// Its folder.
    pub root: PathBuf,
    /// The project file.
    pub source: Option<SourceId>,
    /// Where models, seeds … are, relative to the root.
    pub paths: Paths,
    /// Where compiled SQL and artifacts go, relative to the root.
    pub target_path: String,
    /// What `clean` removes, relative to the root.
    pub clean_targets: Vec<String>,
    /// Where packages are installed, relative to the root.
    pub packages_path: String,
    /// `vars:`, as written.
    pub vars: Map<String, Json>,
    /// Search orders by macro namespace: `dispatch:`.
    pub dispatch: HashMap<String, Vec<String>>,
    /// Templates run before everything else.
    pub on_run_start: Vec<String>,
    /// Templates run after everything else.
    pub on_run_end: Vec<String>,
    /// `query-comment`, as written; `None` where the key is missing.
    pub query_comment: Option<Json>,
    /// Whether other packages may read its public models only.
    pub restricts_access: bool,
    /// `flags:`, as written.
    pub flags: Map<String, Json>,
    /// `quoting:`, as written.
    pub quoting: Map<String, Json>,
    /// The config trees, by kind of node.
    pub trees: HashMap<ResourceType, Map<String, Json>>,
    /// The same, their templates not rendered.
    pub unrendered_trees: HashMap<ResourceType, Map<String, Json>>,
}

/// The folders of a project, relative to its root.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Paths {
    pub models: Vec<String>,
    pub seeds: Vec<String>,
    pub tests: Vec<String>,
    pub snapshots: Vec<String>,
    pub analyses: Vec<String>,
    pub functions: Vec<String>,
    pub macros: Vec<String>,
    pub docs: Vec<String>,
    pub assets: Vec<String>,
}

const KEYS: [&str; 49] = [
    "name",
    "version",
    "config-version",
    "profile",
    "model-paths",
    "macro-paths",
    "seed-paths",
    "test-paths",
    "snapshot-paths",
    "analysis-paths",
    "docs-paths",
    "asset-paths",
    "function-paths",
    "source-paths",
    "data-paths",
    "target-path",
    "clean-targets",
    "log-path",
    "packages-install-path",
    "vars",
    "dispatch",
    "on-run-start",
    "on-run-end",
    "query-comment",
    "flags",
    "quoting",
    "require-dbt-version",
    "restrict-access",
    "dbt-cloud",
    "models",
    "seeds",
    "snapshots",
    "analyses",
    "sources",
    "tests",
    "data_tests",
    "unit_tests",
    "metrics",
    "semantic-models",
    "saved-queries",
    "exposures",
    "functions",
    "packages",
    "anchors",
    "config_version",
    "semantic_models",
    "saved_queries",
    "version_",
    "project-root",
];

/// The project file of a folder, if there is one.
pub fn find(files: &dyn Files, folder: &Path) -> Option<PathBuf> {
    FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| files.exists(path))
}

/// The raw project file: read and parsed, its templates not yet rendered.
pub struct RawProject {
    /// The file.
    pub id: SourceId,
    /// What it says.
    pub value: Value,
    /// Its folder.
    pub root: PathBuf,
    /// Keys that stand twice.
    pub duplicates: Vec<Diagnostic>,
}

impl RawProject {
    /// Reads the project file of a folder. Its path is shown relative to `base`.
    ///
    /// # Errors
    /// No such file, or one that is not readable, not UTF-8, not YAML.
    pub fn read(files: &dyn Files, sources: &mut SourceMap, root: &Path, base: &Path) -> Result<Self, Box<Diagnostic>> {
        let Some(path) = find(files, root) else {
            let message = format!("there is no project in {}", root.display());
            return Err(Box::new(
                Diagnostic::error("no-project", message)
                    .hint("a project has a `project.yml` (or `dbt_project.yml`); go to its folder, name it with --project-dir, or make one with `karat init NAME`"),
            ));
        };
        let id = crate::load::read_text(files, sources, &path, base)?;
        let mut duplicates = Vec::new();
        let parsed = yaml::parse_noting(id, sources.get(id), &mut duplicates)?;
        let value = parsed.ok_or_else(|| {
            Box::new(
                Diagnostic::error("empty-project-file", format!("{} is empty", sources.get(id).path.display()))
                    .hint("it needs at least `name: …` and `profile: …`"),
            )
        })?;
        Fields::new(id, &value, "the project file")?;
        Ok(Self { id, value, root: root.to_owned(), duplicates })
    }

    /// The name of the profile, its template not rendered.
    pub fn profile(&self) -> Option<String> {
        self.value.get("profile").and_then(yaml::scalar_text)
    }

    /// `vars:` as written, needed before anything can be rendered.
    pub fn vars(&self) -> Map<String, Json> {
        self.value.get("vars").and_then(Value::as_mapping).map(yaml::map_to_json).unwrap_or_default()
    }

    /// Where packages belong, its template not rendered.
    pub fn packages_path(&self) -> Option<String> {
        self.value.get("packages-install-path").and_then(yaml::scalar_text)
    }

    /// The project's name, if it says one.
    pub fn name(&self) -> Option<String> {
        self.value.get("name").and_then(yaml::scalar_text)
    }

    /// Renders the templates and checks every key.
    pub fn resolve(mut self, with: Render<'_>) -> Checked<ProjectSettings> {
        let skip = |path: &[String]| {
            matches!(path[0].as_str(), "on-run-start" | "on-run-end" | "query-comment" | "vars") || is_hook(path)
        };
        let mut diagnostics = std::mem::take(&mut self.duplicates);
        let unrendered_trees = Fields::new(self.id, &self.value, "the project file").map(|mut f| trees(&mut f));
        diagnostics.extend(yaml::render(self.id, &mut self.value, &mut Vec::new(), with, &skip));
        let value = self.value.clone();
        let fields = match Fields::new(self.id, &value, "the project file") {
            Ok(fields) => fields,
            Err(d) => return Checked { value: ProjectSettings::default(), diagnostics: vec![*d] },
        };
        let mut settings = self.settings(fields, &value, &mut diagnostics);
        settings.unrendered_trees = unrendered_trees.unwrap_or_default();
        Checked { value: settings, diagnostics }
    }

    fn settings(&self, mut f: Fields<'_>, value: &Value, diagnostics: &mut Vec<Diagnostic>) -> ProjectSettings {
        let name = f.required("name", value).unwrap_or_default();
        if !name.is_empty() && !is_identifier(&name) {
            let span = f.get("name").map(|v| span_of(self.id, v));
            f.diagnostics.push(
                Diagnostic::error("bad-project-name", format!("`{name}` can't be the name of a project"))
                    .at(span, "letters, digits and `_` only, not starting with a digit")
                    .hint(format!("`{}` would do", suggest_identifier(&name))),
            );
        }
        let paths = |f: &mut Fields<'_>, key: &str, default: &str| match f.get(key) {
            Some(_) => f.texts(key),
            None => vec![default.to_owned()],
        };
        // Older names, which the newer ones go before.
        let named = |f: &Fields<'_>, key, older| if f.get(key).is_some() { key } else { older };
        let (models, seeds) = (named(&f, "model-paths", "source-paths"), named(&f, "seed-paths", "data-paths"));
        let (models, seeds) = (paths(&mut f, models, "models"), paths(&mut f, seeds, "seeds"));
        let tests = paths(&mut f, "test-paths", "tests");
        let snapshots = paths(&mut f, "snapshot-paths", "snapshots");
        let analyses = paths(&mut f, "analysis-paths", "analyses");
        let macros = paths(&mut f, "macro-paths", "macros");
        let functions = paths(&mut f, "function-paths", "functions");
        let assets = f.texts("asset-paths");
        let docs = match f.get("docs-paths") {
            Some(_) => f.texts("docs-paths"),
            None => [&models, &seeds, &tests, &snapshots, &analyses, &macros, &functions]
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
        };
        let target_path = f.text("target-path").unwrap_or_else(|| "target".to_owned());
        let clean_targets = match f.get("clean-targets") {
            Some(_) => f.texts("clean-targets"),
            None => vec![target_path.clone()],
        };
        let settings = ProjectSettings {
            name,
            version: f.text("version"),
            root: self.root.clone(),
            source: Some(self.id),
            paths: Paths { models, seeds, tests, snapshots, analyses, functions, macros, docs, assets },
            target_path,
            clean_targets,
            packages_path: f.text("packages-install-path").unwrap_or_else(|| PACKAGES.to_owned()),
            vars: f.object("vars"),
            dispatch: dispatch(&mut f),
            on_run_start: f.texts("on-run-start"),
            on_run_end: f.texts("on-run-end"),
            query_comment: value.get("query-comment").map(yaml::to_json),
            restricts_access: f.bool("restrict-access").unwrap_or(false),
            flags: f.object("flags"),
            quoting: f.object("quoting"),
            trees: trees(&mut f),
            unrendered_trees: HashMap::new(),
        };
        diagnostics.extend(f.finish(&KEYS));
        settings
    }
}

fn trees(f: &mut Fields<'_>) -> HashMap<ResourceType, Map<String, Json>> {
    let mut trees = HashMap::new();
    for (key, kind) in [
        ("models", ResourceType::Model),
        ("seeds", ResourceType::Seed),
        ("snapshots", ResourceType::Snapshot),
        ("analyses", ResourceType::Analysis),
        ("sources", ResourceType::Source),
        ("exposures", ResourceType::Exposure),
        ("unit_tests", ResourceType::UnitTest),
        ("metrics", ResourceType::Metric),
        ("semantic-models", ResourceType::SemanticModel),
        ("saved-queries", ResourceType::SavedQuery),
        ("functions", ResourceType::Function),
    ] {
        trees.insert(kind, f.object(key));
    }
    let mut tests = f.object("tests");
    tests.extend(f.object("data_tests"));
    trees.insert(ResourceType::Test, tests);
    trees
}

fn dispatch(f: &mut Fields<'_>) -> HashMap<String, Vec<String>> {
    let mut found = HashMap::new();
    for entry in f.list("dispatch") {
        let json = yaml::to_json(entry);
        if let (Some(namespace), Some(Json::Array(order))) =
            (json["macro_namespace"].as_str(), json.get("search_order"))
        {
            let order = order.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect();
            found.insert(namespace.to_owned(), order);
        }
    }
    found
}

fn is_hook(path: &[String]) -> bool {
    path.last()
        .is_some_and(|key| matches!(key.trim_start_matches('+'), "pre-hook" | "post-hook" | "pre_hook" | "post_hook"))
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_')
}

fn suggest_identifier(name: &str) -> String {
    let text: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if is_identifier(&text) { text } else { format!("_{text}") }
}
