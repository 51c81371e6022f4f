//! What properties files say about nodes: which node each entry is for.

use std::collections::{HashMap, HashSet};

use crate::config::properties::Patch;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::discover::{Inputs, Part};
use crate::load::{FileKind, ProjectFile};
use crate::node::{Node, ResourceType};

/// What is said about the nodes of one package, by kind and name.
pub(crate) type Patches<'a> = HashMap<(ResourceType, &'a str), Patched<'a>>;

/// What a properties file says about a node, and which file it is.
#[derive(Clone, Copy)]
pub(crate) struct Patched<'a> {
    pub patch: &'a Patch,
    pub file: &'a ProjectFile,
    /// The package of that file.
    pub package: &'a str,
}

/// The entries for the nodes of each package: those of its own files, and those of other packages for a name that these
/// do not have themselves.
pub(crate) fn by_part<'a>(parts: &'a [Part], diagnostics: &mut Vec<Diagnostic>) -> Vec<Patches<'a>> {
    let names: Vec<HashSet<(ResourceType, &str)>> = parts.iter().map(names).collect();
    let mut found: Vec<Patches<'_>> = parts.iter().map(|_| HashMap::new()).collect();
    for (index, part) in parts.iter().enumerate() {
        for file in &part.properties {
            for patch in &file.properties.patches {
                let Some(kind) = patch.kind else { continue };
                let key = |names: &HashSet<_>| (kind, described_file(patch, names));
                let is_there = |place: &usize| names[*place].contains(&key(&names[*place]));
                let place = std::iter::once(index).chain(0..parts.len()).find(is_there).unwrap_or(index);
                let patched = Patched { patch, file: &file.file, package: &part.settings.name };
                if let Some(other) = found[place].insert(key(&names[place]), patched) {
                    diagnostics.push(twice(kind, patch, other.patch));
                }
            }
        }
    }
    found
}

/// The name of the file that a patch is about. That of the latest version may go without the version.
fn described_file<'a>(patch: &'a Patch, names: &HashSet<(ResourceType, &str)>) -> &'a str {
    let is_model = |name: &str| names.contains(&(ResourceType::Model, name));
    match &patch.version {
        Some(version) if version.version != version.latest || is_model(&version.file) => &version.file,
        Some(version) if !is_model(&patch.name) => &version.file,
        _ => &patch.name,
    }
}

fn twice(kind: ResourceType, patch: &Patch, first: &Patch) -> Diagnostic {
    Diagnostic::error("duplicate-properties", format!("{kind} `{}` is described twice", patch.name))
        .at(patch.span, "again here")
        .at(first.span, "first here")
        .hint("put everything about it in one place")
}

/// Kind and name of the nodes that are files of a package.
fn names(part: &Part) -> HashSet<(ResourceType, &str)> {
    part.loaded.files.iter().filter_map(|f| Some((node_kind(f.kind)?, stem(&f.path)))).collect()
}

fn node_kind(kind: FileKind) -> Option<ResourceType> {
    match kind {
        FileKind::Model | FileKind::PythonModel => Some(ResourceType::Model),
        FileKind::Seed => Some(ResourceType::Seed),
        FileKind::Analysis => Some(ResourceType::Analysis),
        FileKind::Test => Some(ResourceType::Test),
        FileKind::Function => Some(ResourceType::Function),
        _ => None,
    }
}

fn stem(path: &str) -> &str {
    let base = path.rsplit('/').next().unwrap_or(path);
    base.rsplit_once('.').map_or(base, |(name, _)| name)
}

/// Properties of a node that is not there.
pub(crate) fn unknown(inputs: &[Inputs<'_>], nodes: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    let names: HashSet<(ResourceType, &str)> =
        nodes.iter().map(|n| (n.resource_type, if n.version().is_some() { stem(&n.path) } else { &n.name })).collect();
    let mut patches: Vec<_> = inputs.iter().flat_map(|i| &i.patches).collect();
    patches.sort_by_key(|(_, patched)| (patched.patch.span.source, patched.patch.span.start));
    for ((kind, name), patched) in patches {
        if names.contains(&(*kind, *name)) {
            continue;
        }
        let tests = patched.patch.tests.len() + patched.patch.columns.iter().map(|c| c.tests.len()).sum::<usize>();
        let lost = if tests > 0 { format!("; its {tests} data tests will not run") } else { String::new() };
        let version = patched.patch.version.as_ref();
        let version = version.map(|v| format!(" for version {} of `{}`", v.version, patched.patch.name));
        let missing = format!("there is no {kind} `{name}`{}{lost}", version.unwrap_or_default());
        diagnostics.push(
            Diagnostic::warning("unknown-node", missing)
                .at(patched.patch.span, "described here")
                .hint("remove the entry, or correct the name")
                .maybe_hint(did_you_mean(name, names.iter().filter(|(k, _)| k == kind).map(|(_, n)| *n))),
        );
    }
}
