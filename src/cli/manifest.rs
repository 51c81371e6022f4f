//! Writing `manifest.json` for a session.

use serde_json::{Map, Value as Json};

use crate::files::Disk;
use crate::jinja::calls::calls;
use crate::jinja::functions::metadata_envs;
use crate::jinja::macros::MacroInfo;
use crate::node::ResourceType;
use crate::render::Renderer;
use crate::report::artifacts::{self, Compiled, ManifestInput, Metadata};
use crate::report::{Event, Level, Reporter};
use crate::session::Session;

/// Writes the manifest into the target folder. With a renderer the compiled SQL is part of it.
pub fn write(session: &Session, renderer: Option<&Renderer>, reporter: &dyn Reporter) {
    let shared = &session.shared;
    if !shared.flag("WRITE_JSON") {
        return;
    }
    let macros: Vec<artifacts::MacroInfo> = shared.macros.all().iter().map(|m| macro_entry(session, m)).collect();
    let target = shown_target(session);
    let env = metadata_envs();
    let compiled = |index: usize| {
        let node = session.graph.node(index);
        if node.resource_type == ResourceType::Seed || node.resource_type.is_declared() {
            return None;
        }
        let rendered = renderer?.rendered(index)?;
        Some(Compiled {
            code: rendered.sql,
            path: Some(artifacts::compiled_path(node, &target)),
            build_path: None,
            extra_ctes: rendered.ctes.into_iter().map(|(id, sql)| (id, sql.into())).collect(),
        })
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
    };
    if let Err(error) = artifacts::write_manifest(&Disk, &session.target_path, &input) {
        let message = format!("can't write manifest.json: {error}");
        reporter.event(&Event::Message(Level::Warn, &message));
    }
}

/// What artifacts say of the invocation.
pub fn metadata<'a>(session: &'a Session, env: &'a Map<String, Json>) -> Metadata<'a> {
    let shared = &session.shared;
    Metadata {
        project_name: &shared.settings.name,
        project_root: &shared.settings.root,
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

/// A macro from `{% macro` to `{% endmacro %}`.
pub fn macro_text<'a>(session: &'a Session, info: &MacroInfo) -> &'a str {
    &session.sources.get(info.span.source).text[info.span.start as usize..info.span.end as usize]
}

fn macro_entry(session: &Session, info: &MacroInfo) -> artifacts::MacroInfo {
    let text = macro_text(session, info);
    let calls = calls(&session.shared.macros, &info.package, &session.shared.target.kind, text);
    artifacts::MacroInfo {
        unique_id: info.unique_id.clone(),
        name: info.name.to_string(),
        package: info.package.to_string(),
        path: info.file.to_string(),
        original_file_path: info.file.to_string(),
        macro_sql: text.into(),
        depends_on_macros: calls,
        ..artifacts::MacroInfo::default()
    }
}
