//! Snapshots: `{% snapshot %}` blocks, and entries of properties files that say what they are of.

use karat_jinja::{BlockKind, blocks};
use rayon::prelude::*;
use serde_json::Value as Json;

use crate::diagnostic::{Checked, Diagnostic};
use crate::discover::{Inputs, PropertiesFile, blank, sql};
use crate::jinja::report;
use crate::load::{FileKind, Loaded, ProjectFile, checksum};
use crate::node::{Node, ResourceType};
use crate::source::Span;

/// Every snapshot of the project.
pub(crate) fn nodes(inputs: &Inputs<'_>, loaded: &Loaded, properties: &[PropertiesFile]) -> Checked<Vec<Node>> {
    let mut diagnostics = Vec::new();
    let mut drafts = Vec::new();
    for file in loaded.files.iter().filter(|f| f.kind == FileKind::Snapshot) {
        drafts.extend(from_blocks(inputs, file).unpack(&mut diagnostics));
    }
    for file in properties {
        drafts.extend(from_properties(inputs, file));
    }
    let made: Vec<Checked<Option<Node>>> = drafts.into_par_iter().map(|draft| sql::finish(inputs, draft)).collect();
    let value: Vec<Node> = made.into_iter().filter_map(|m| m.unpack(&mut diagnostics)).collect();
    diagnostics.extend(value.iter().filter_map(reads_nothing));
    Checked { value, diagnostics }
}

/// The blocks of a file. Their fqn has the name of the file, as in dbt.
fn from_blocks(inputs: &Inputs<'_>, file: &ProjectFile) -> Checked<Vec<Node>> {
    let Some(source) = file.source else { return Checked::ok(Vec::new()) };
    let text = &inputs.sources.get(source).text;
    let found = match blocks(text) {
        Ok(found) => found,
        Err(error) => {
            let span = Span::new(source, error.span.start, error.span.end);
            return Checked { value: Vec::new(), diagnostics: vec![report::syntax(&error.message).at(span, "")] };
        }
    };
    let stem = file.path.rsplit_once('.').map_or(file.path.as_str(), |(stem, _)| stem);
    let node = |block: &karat_jinja::Block| {
        let mut node = blank(inputs, ResourceType::Snapshot, &block.name, file);
        node.fqn = crate::discover::fqn(&node.package, &format!("{stem}/"), &block.name);
        node.span = Some(Span::new(source, block.body.start, block.body.end));
        node.raw_code = text[block.body.clone()].into();
        node
    };
    Checked::ok(found.iter().filter(|b| b.kind == BlockKind::Snapshot).map(node).collect())
}

/// The entries of a properties file that have a `relation`.
fn from_properties(inputs: &Inputs<'_>, file: &PropertiesFile) -> Vec<Node> {
    let entries = file.properties.patches.iter().filter(|p| p.kind == Some(ResourceType::Snapshot));
    let node = |(name, relation): (&str, &str)| {
        let mut node = blank(inputs, ResourceType::Snapshot, name, &file.file);
        node.path = format!("{}/{name}.sql", file.file.path);
        node.span = None;
        node.raw_code = format!("select * from {{{{ {relation} }}}}").into();
        node.checksum = file.file.source.map(|id| checksum(&inputs.sources.get(id).text)).unwrap_or_default();
        node
    };
    entries.filter_map(|p| Some((p.name.as_str(), p.relation.as_ref()?.0.as_str()))).map(node).collect()
}

/// The error for a `relation` that names nothing.
fn reads_nothing(node: &Node) -> Option<Diagnostic> {
    let is_entry = node.span.is_none();
    let message = format!("{}: `relation` is neither a ref nor a source", node.label());
    (is_entry && node.refs.len() + node.sources.len() != 1).then(|| {
        Diagnostic::error("bad-snapshot", message)
            .at(node.patch_span, "")
            .hint("write `relation: ref('orders')`, or `relation: source('shop', 'orders')`")
    })
}

/// What is wrong with the settings of a snapshot, as far as that is known before it runs.
pub(crate) fn check(node: &Node) -> Option<Diagnostic> {
    if node.resource_type != ResourceType::Snapshot || !node.config.enabled() {
        return None;
    }
    let (key, problem, hint) = problem(node)?;
    let message = format!("{}: {problem}", node.label());
    Some(Diagnostic::error("bad-snapshot", message).at(node.setting_span(key), "").hint(hint))
}

/// The setting, what is wrong with it, what to do.
fn problem(node: &Node) -> Option<(&'static str, String, &'static str)> {
    const ALL: &str = "write `check_cols: all`, or a list of columns";
    let set = |key: &str| node.config.get(key).is_some_and(|value| !is_blank(value));
    let wrong = |key, problem: &str, hint| Some((key, problem.to_owned(), hint));
    if !set("strategy") {
        return wrong("strategy", "it has no `strategy`", "set `strategy` to `timestamp` or `check`");
    }
    if !set("unique_key") {
        return wrong(
            "unique_key",
            "it has no `unique_key`",
            "name the column, or list the columns, that tell rows apart",
        );
    }
    if node.materialized() != "snapshot" {
        return wrong("materialized", "`materialized` can't be set here", "remove it: a snapshot is a `snapshot`");
    }
    match node.config.str("strategy") {
        Some("check") if !set("check_cols") => wrong("strategy", "the strategy `check` needs `check_cols`", ALL),
        Some("check") => match node.config.str("check_cols") {
            Some(text) if text != "all" => Some(("check_cols", format!("`check_cols` is `{text}`"), ALL)),
            _ => None,
        },
        Some("timestamp") if !set("updated_at") => wrong(
            "strategy",
            "the strategy `timestamp` needs `updated_at`",
            "name the column that tells when a row changed",
        ),
        Some("timestamp") if set("check_cols") => wrong(
            "check_cols",
            "the strategy `timestamp` compares no columns",
            "remove `check_cols`, or set `strategy: check`",
        ),
        _ => None,
    }
}

fn is_blank(value: &Json) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}
