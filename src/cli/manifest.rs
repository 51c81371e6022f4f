//! Writing `manifest.json` for a session.

use std::collections::HashMap;

use karat_jinja::BlockKind;
use serde_json::{Map, Value as Json};

use crate::files::Disk;
use crate::jinja::calls::{calls, direct};
use crate::jinja::functions::metadata_envs;
use crate::jinja::macros::MacroInfo;
use crate::node::{Node, ResourceType};
use crate::render::Renderer;
use crate::report::artifacts::{self, Compiled, ManifestInput, Metadata};
use crate::report::{Event, Level, NodeResult, Reporter};
use crate::session::Session;

/// Writes the manifest into the target folder. With a renderer the compiled SQL is part of it, of what was run only as far
/// as the results tell.
pub fn write(session: &Session, renderer: Option<&Renderer>, results: &[NodeResult], reporter: &dyn Reporter) {
    let shared = &session.shared;
    if !shared.flag("WRITE_JSON") {
        return;
    }
    let macros: Vec<artifacts::MacroInfo> = shared.macros.all().iter().map(|m| macro_entry(session, m)).collect();
    let target = shown_target(session);
    let env = metadata_envs();
    let results: HashMap<&str, &NodeResult> = results.iter().map(|r| (r.unique_id.as_str(), r)).collect();
    let compiled = |index: usize| {
        let node = session.graph.node(index);
        let result = results.get(node.unique_id.as_str());
        if node.resource_type == ResourceType::Seed
            || node.resource_type.is_declared()
            || result.is_some_and(|result| !result.compiled)
        {
            return None;
        }
        let rendered = renderer?.rendered(index)?;
        let is_kept = !rendered.sql.is_empty() && node.resource_type != ResourceType::Snapshot;
        Some(Compiled {
            code: rendered.sql,
            macros: direct(shared, node, node.macros.iter().chain(renderer?.named_macros(index))),
            path: is_kept.then(|| artifacts::compiled_path(node, &target)),
            extra_ctes: rendered.ctes.into_iter().map(|(id, sql)| (id, sql.into())).collect(),
        })
    };
    let build_path = |node: &Node| {
        let kept = results.get(node.unique_id.as_str()).is_some_and(|result| result.kept);
        kept.then(|| artifacts::run_path(node, &target))
    };
    let selectors = Map::<String, Json>::new();
    let input = ManifestInput {
        graph: &session.graph,
        disabled: &session.disabled,
        left_out: &session.left_out,
        macros: &macros,
        docs: &session.docs,
        groups: &session.groups,
        selectors: &selectors,
        metadata: metadata(session, &env),
        compiled: &compiled,
        build_path: &build_path,
    };
    let written = [
        ("manifest.json", artifacts::write_manifest(&Disk, &session.target_path, &input)),
        ("semantic_manifest.json", artifacts::write_semantic_manifest(&Disk, &session.target_path, &session.graph)),
    ];
    for (name, result) in written {
        if let Err(error) = result {
            reporter.event(&Event::Message(Level::Warn, &format!("can't write {name}: {error}")));
        }
    }
}

/// What artifacts say of the invocation.
pub fn metadata<'a>(session: &'a Session, env: &'a Map<String, Json>) -> Metadata<'a> {
    let shared = &session.shared;
    Metadata {
        project_name: &shared.settings.name,
        project_root: &shared.settings.root,
        quoting: &shared.settings.quoting,
        adapter_type: &shared.target.kind,
        invocation_id: &shared.invocation_id,
        started_at: shared.started_at,
        generated_at: jiff::Timestamp::now(),
        env,
    }
}

/// The target folder as it is shown: relative to the project where it lies below it.
pub fn shown_target(session: &Session) -> String {
    let root = &session.shared.settings.root;
    session.target_path.strip_prefix(root).unwrap_or(&session.target_path).display().to_string()
}

/// A macro from `{% macro` to `{% endmacro %}`; a tag that strips white space takes it along, as in dbt.
pub fn macro_text<'a>(session: &'a Session, info: &MacroInfo) -> &'a str {
    let text = &session.sources.get(info.span.source).text;
    let (start, end) = (info.span.start as usize, info.span.end as usize);
    let (block, rest) = (&text[start..end], &text[end..]);
    let before = if block.starts_with("{%-") { text[..start].trim_end() } else { &text[..start] };
    // What the tag before stripped is that one's.
    let from = if before.ends_with("-%}") { start } else { before.len() };
    let more = if block.ends_with("-%}") { rest.len() - rest.trim_start().len() } else { 0 };
    &text[from..end + more]
}

/// The languages that a materialization takes: SQL, where it says nothing.
fn languages(text: &str) -> Vec<String> {
    let tag = text.split("%}").next().unwrap_or_default();
    let list = tag.split_once("supported_languages").and_then(|(_, rest)| rest.split_once('[')?.1.split_once(']'));
    let named = list.map(|(list, _)| list.split(['\'', '"']).skip(1).step_by(2).map(str::to_owned).collect());
    named.unwrap_or_else(|| vec!["sql".to_owned()])
}

fn macro_entry(session: &Session, info: &MacroInfo) -> artifacts::MacroInfo {
    let text = macro_text(session, info);
    let mut calls = calls(&session.shared, &info.package, text);
    calls.retain(|id| *id != info.unique_id);
    let described = session.described.get(&info.unique_id).cloned().unwrap_or_default();
    artifacts::MacroInfo {
        unique_id: info.unique_id.clone(),
        name: info.name.to_string(),
        package: info.package.to_string(),
        path: info.file.to_string(),
        original_file_path: info.file.to_string(),
        macro_sql: text.into(),
        depends_on_macros: calls,
        supported_languages: (info.kind == BlockKind::Materialization).then(|| languages(text)),
        ..described
    }
}
