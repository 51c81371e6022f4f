//! The first evaluation: from files to nodes.
//!
//! Every template is rendered once with `execute = false`, in parallel, to learn what it refers to and how it is
//! configured; properties and config trees are merged in; data tests are expanded; names are given.

mod contracts;
mod deprecation;
mod describe;
mod exposures;
mod external;
mod functions;
mod groups;
mod hooks;
mod link;
mod macros;
mod naming;
mod patches;
mod python;
mod seeds;
mod semantic;
mod settings;
mod snapshots;
mod source_tables;
mod sql;
pub mod tests;
mod unit;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Map, Value as Json};

use crate::config::project::ProjectSettings;
use crate::config::properties::Properties;
use crate::config::tree;
use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::discover::patches::{Patched, Patches};
use crate::jinja::calls::direct;
use crate::jinja::shared::Shared;
use crate::load::{FileKind, Loaded, ProjectFile};
use crate::node::{Node, NodeConfig, ResourceType};
use crate::report::artifacts::{GroupInfo, MacroInfo};
use crate::source::{SourceMap, Span};

/// What a project is made of.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Nodes that take part.
    pub nodes: Vec<Node>,
    /// Nodes that are switched off.
    pub disabled: Vec<Node>,
    /// Groups.
    pub groups: Vec<GroupInfo>,
    /// Data tests of nodes that do not take part.
    pub left_out: Vec<Node>,
    /// What is said about macros, by unique id.
    pub macros: HashMap<String, MacroInfo>,
}

/// A properties file: where it is and what it declares.
pub struct PropertiesFile {
    /// The file.
    pub file: ProjectFile,
    /// What it declares.
    pub properties: Properties,
}

impl PropertiesFile {
    /// Whether it declares snapshots, rather than describes those of files.
    pub fn has_snapshots(&self) -> bool {
        self.properties.patches.iter().any(|patch| patch.relation.is_some())
    }
}

/// The files of the project or of one of its packages.
pub struct Part {
    /// Its settings.
    pub settings: ProjectSettings,
    /// Every file but the properties files.
    pub loaded: Loaded,
    /// The properties files.
    pub properties: Vec<PropertiesFile>,
}

/// Everything the parts of this stage work on.
pub(crate) struct Inputs<'a> {
    pub shared: &'a Arc<Shared>,
    pub sources: &'a SourceMap,
    /// The settings of the package whose files these are.
    pub settings: &'a ProjectSettings,
    pub package: Arc<str>,
    pub patches: Patches<'a>,
}

impl Inputs<'_> {
    /// The settings that the package's tree has for a node of this kind. Analyses and hooks follow that of models.
    pub fn tree_config(&self, kind: ResourceType, fqn: &[String]) -> Map<String, Json> {
        let mut config = Map::new();
        merge_tree(&mut config, self.settings, kind, fqn);
        config
    }

    /// Puts what the project says about a node of a package over what the package says, as dbt does: even over what the
    /// node's own file sets.
    pub fn overrule(&self, node: &mut Node) {
        if self.settings.name != self.shared.settings.name {
            merge_tree(&mut node.config.values, &self.shared.settings, node.resource_type, &node.fqn);
        }
    }

    /// The same as written: over it what properties files say (`described`, the weaker before the stronger), what the
    /// project says of a node of a package, and what the node's own template sets.
    pub fn unrendered<'m>(
        &self,
        node: &Node,
        described: impl IntoIterator<Item = &'m Map<String, Json>>,
        own: &[Map<String, Json>],
    ) -> Map<String, Json> {
        let mut config = Map::new();
        let mut put = |level: &Map<String, Json>| {
            config.extend(level.iter().map(|(key, value)| (tree::canonical(key).to_owned(), value.clone())));
        };
        let kind = tree_kind(node.resource_type);
        let levels = |settings: &ProjectSettings| {
            settings.unrendered_trees.get(&kind).map(|root| tree::levels(root, &node.fqn)).unwrap_or_default()
        };
        levels(self.settings).iter().for_each(&mut put);
        described.into_iter().for_each(&mut put);
        if self.settings.name != self.shared.settings.name {
            levels(&self.shared.settings).iter().for_each(&mut put);
        }
        own.iter().for_each(put);
        config
    }
}

fn merge_tree(config: &mut Map<String, Json>, settings: &ProjectSettings, kind: ResourceType, fqn: &[String]) {
    if let Some(root) = settings.trees.get(&tree_kind(kind)) {
        for level in tree::levels(root, fqn) {
            tree::merge(config, level);
        }
    }
}

fn tree_kind(kind: ResourceType) -> ResourceType {
    match kind {
        ResourceType::Analysis | ResourceType::Operation => ResourceType::Model,
        other => other,
    }
}

/// Makes the nodes of a project, which is the first of `parts`, and of its packages.
pub fn discover(shared: &Arc<Shared>, sources: &SourceMap, parts: &[Part]) -> Checked<Discovered> {
    let mut diagnostics = Vec::new();
    let inputs: Vec<Inputs<'_>> = patches::by_part(parts, &mut diagnostics)
        .into_iter()
        .zip(parts)
        .map(|(patches, part)| {
            let settings = &part.settings;
            Inputs { shared, sources, settings, package: settings.name.as_str().into(), patches }
        })
        .collect();
    let mut all: Vec<Node> = Vec::new();
    let (mut groups, mut described) = (Vec::new(), HashMap::new());
    for (inputs, part) in inputs.iter().zip(parts) {
        let made: Vec<Checked<Option<Node>>> = part.loaded.files.par_iter().map(|f| from_file(inputs, f)).collect();
        all.extend(made.into_iter().filter_map(|m| m.unpack(&mut diagnostics)));
        all.extend(snapshots::nodes(inputs, &part.loaded, &part.properties).unpack(&mut diagnostics));
        all.extend(hooks::nodes(inputs).unpack(&mut diagnostics));
        all.extend(source_tables::nodes(inputs, &part.properties).unpack(&mut diagnostics));
    }
    check_names(&all, &mut diagnostics);
    check_relations(&all, &mut diagnostics);
    patches::unknown(&inputs, &all, &mut diagnostics);
    for (inputs, part) in inputs.iter().zip(parts) {
        let found = tests::nodes(inputs, &part.properties, &all).unpack(&mut diagnostics);
        all.extend(found);
        all.extend(exposures::nodes(inputs, &part.properties).unpack(&mut diagnostics));
        all.extend(semantic::nodes(inputs, &part.properties).unpack(&mut diagnostics));
        groups.extend(groups::groups(inputs, &part.properties, &mut diagnostics));
        described.extend(macros::described(inputs, &part.properties, &mut diagnostics));
    }
    diagnostics.extend(all.iter().flat_map(settings::check));
    diagnostics.extend(all.iter().filter_map(snapshots::check));
    diagnostics.extend(all.iter().filter_map(functions::check));
    diagnostics.extend(all.iter().filter(|n| n.config.enabled()).flat_map(contracts::check));
    let disabled: Vec<Node> = all.extract_if(.., |n| !n.config.enabled()).collect();
    let mut nodes = all;
    let (unlinked, problems) = link::link(&mut nodes, &disabled, shared);
    diagnostics.extend(problems);
    let packages = parts.iter().skip(1).map(|part| &part.settings);
    let restricted: Vec<&str> = packages.filter(|s| s.restricts_access).map(|s| s.name.as_str()).collect();
    diagnostics.extend(groups::check(&nodes, &groups, &restricted));
    diagnostics.extend(deprecation::warnings(&nodes, shared.started_at));
    let mut found = Discovered { nodes, disabled, groups, macros: described, left_out: Vec::new() };
    drop_tests(&mut found, &unlinked);
    unit::add(shared, sources, parts, &mut found).into_iter().for_each(|problem| diagnostics.push(problem));
    let all = found.nodes.par_iter_mut().chain(&mut found.disabled).chain(&mut found.left_out);
    all.for_each(|node| node.macros = direct(shared, node, node.macros.iter()));
    unused_tree_paths(shared, sources, &found, &mut diagnostics);
    Checked { value: found, diagnostics }
}

/// A data test of a node that does not take part does not take part either, as in dbt.
fn drop_tests(found: &mut Discovered, unlinked: &[String]) {
    let gone: HashSet<&str> = unlinked.iter().map(String::as_str).collect();
    found.left_out = found.nodes.extract_if(.., |n| gone.contains(n.unique_id.as_str())).collect();
    for node in &mut found.left_out {
        node.config.values.insert("enabled".into(), Json::Bool(false));
    }
}

fn from_file(inputs: &Inputs<'_>, file: &ProjectFile) -> Checked<Option<Node>> {
    match file.kind {
        FileKind::Model | FileKind::PythonModel => sql::node(inputs, file, ResourceType::Model),
        FileKind::Test => sql::node(inputs, file, ResourceType::Test),
        FileKind::Analysis => sql::node(inputs, file, ResourceType::Analysis),
        FileKind::Function => sql::node(inputs, file, ResourceType::Function),
        FileKind::Seed => seeds::node(inputs, file),
        FileKind::Snapshot | FileKind::Macro | FileKind::Properties | FileKind::Docs | FileKind::Fixture => {
            Checked::ok(None)
        }
    }
}

/// Two nodes of one name in a package.
fn check_names(nodes: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    let mut by_name: HashMap<(&str, String), &Node> = HashMap::new();
    for node in nodes.iter().filter(|n| n.config.enabled()) {
        if !node.resource_type.is_refable() {
            continue;
        }
        if let Some(other) = by_name.insert((&*node.package, node.display_name()), node) {
            diagnostics.push(
                Diagnostic::error(
                    "duplicate-name",
                    format!("there are two nodes called `{}`: {} and {}", node.name, other.file, node.file),
                )
                .at(start_of(other), format!("this {}", other.resource_type))
                .at(start_of(node), format!("this {}", node.resource_type))
                .hint("rename one of the files: `ref` has to know which is meant"),
            );
        }
    }
}

/// Two nodes that would be the same relation.
fn check_relations(nodes: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    let mut by_relation: HashMap<&str, &Node> = HashMap::new();
    let takes_part = |n: &&Node| n.config.enabled() && n.resource_type.is_refable();
    for node in nodes.iter().filter(takes_part) {
        let Some(relation) = node.relation_name.as_deref() else { continue };
        let twin = by_relation.insert(relation, node);
        if let Some(other) = twin.filter(|other| (&other.name, &other.package) != (&node.name, &node.package)) {
            diagnostics.push(
                Diagnostic::error(
                    "duplicate-relation",
                    format!("`{}` and `{}` would both be built as {relation}", other.name, node.name),
                )
                .at(start_of(other), format!("`{}`", other.name))
                .at(start_of(node), format!("`{}`", node.name))
                .hint("give one of them another `alias` or `schema`"),
            );
        }
    }
}

fn start_of(node: &Node) -> Option<Span> {
    node.span.or(node.patch_span)
}

fn unused_tree_paths(shared: &Arc<Shared>, sources: &SourceMap, found: &Discovered, diagnostics: &mut Vec<Diagnostic>) {
    let settings = &shared.settings;
    for kind in ResourceType::ALL {
        let Some(root) = settings.trees.get(&kind) else { continue };
        let nodes = found.nodes.iter().chain(&found.disabled);
        let fqns: Vec<&[String]> = nodes.filter(|n| n.resource_type == kind).map(|n| n.fqn.as_slice()).collect();
        for path in tree::unused_paths(root, fqns.iter().copied()) {
            let (last, above) = path.split_last().map_or(("", path.as_slice()), |(last, above)| (last, above));
            let there = fqns.iter().filter(|f| f.starts_with(above)).filter_map(|f| f.get(above.len()));
            diagnostics.push(
                Diagnostic::warning(
                    "unused-config-path",
                    format!("the project file configures `{}`, where no {kind} is", path.join(".")),
                )
                .at(project_key(settings, sources, last), "no effect")
                .hint("check the name of the folder: its settings have no effect")
                .maybe_hint(did_you_mean(last, there.map(String::as_str))),
            );
        }
    }
}

/// Where a key stands in the project file, if it stands there once.
fn project_key(settings: &ProjectSettings, sources: &SourceMap, key: &str) -> Option<Span> {
    let source = settings.source?;
    let text = &sources.get(source).text;
    let is_key = |at: &usize| {
        let line_start = text[..*at].rfind('\n').map_or(0, |newline| newline + 1);
        text[line_start..*at].trim().is_empty() && text[at + key.len()..].starts_with(':')
    };
    let found: Vec<usize> = text.match_indices(key).map(|(at, _)| at).filter(is_key).collect();
    match found[..] {
        [at] => Some(Span::new(source, at, at + key.len())),
        _ => None,
    }
}

/// The node that all kinds start from.
pub(crate) fn blank(inputs: &Inputs<'_>, kind: ResourceType, name: &str, file: &ProjectFile) -> Node {
    let package = inputs.package.clone();
    Node {
        unique_id: format!("{kind}.{package}.{name}"),
        resource_type: kind,
        name: name.to_owned(),
        fqn: fqn(&package, &file.path, name),
        package,
        path: file.path.clone(),
        file: file.file.clone(),
        patch_file: None,
        patch_package: None,
        span: file.span,
        patch_span: None,
        raw_code: "".into(),
        database: Some(inputs.shared.target.database.clone()),
        schema: inputs.shared.target.schema.clone(),
        alias: name.to_owned(),
        relation_name: None,
        config: NodeConfig::default(),
        unrendered: Map::new(),
        description: String::new(),
        doc_blocks: Vec::new(),
        columns: indexmap::IndexMap::new(),
        meta: Map::new(),
        tags: Vec::new(),
        refs: Vec::new(),
        sources: Vec::new(),
        metrics: Vec::new(),
        functions: Vec::new(),
        time_spine: None,
        depends_on: Vec::new(),
        macros: Vec::new(),
        checksum: file.checksum.clone(),
        constraints: Vec::new(),
        deprecation_date: None,
        detail: crate::node::Detail::None,
    }
}

/// Package, folders, name.
pub(crate) fn fqn(package: &str, path: &str, name: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    parts.pop();
    std::iter::once(package.to_owned()).chain(parts).chain([name.to_owned()]).collect()
}

/// Copies what the settings say about tags and free data to where the node has them.
pub(crate) fn lift_config(node: &mut Node) {
    node.tags.clear();
    for tag in node.config.strings("tags") {
        if !node.tags.contains(&tag) {
            node.tags.push(tag);
        }
    }
    node.meta = match node.config.get("meta") {
        Some(Json::Object(map)) => map.clone(),
        _ => Map::new(),
    };
}
