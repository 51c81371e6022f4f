//! `--select` and its siblings.

use std::str::FromStr;

use serde_json::{Map, Value as Json};

use crate::cli::Exit;
use crate::cli::global::{GlobalArgs, env};
use crate::cli::project::{self, Opened};
use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::node::{Node, ResourceType};
use crate::select::{Indirect, Request, Selection, select};
use crate::session::Session;

/// Which nodes to work on.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Selection")]
pub struct SelectionArgs {
    /// Nodes to work on: names, folders, tag:x, path:x, +above, below+ … (space is union, comma is intersection)
    #[arg(long, short = 's', alias = "models", alias = "model", short_alias = 'm', num_args = 1.., value_name = "SPEC")]
    pub select: Vec<String>,
    /// Nodes to leave out
    #[arg(long, num_args = 1.., value_name = "SPEC")]
    pub exclude: Vec<String>,
    /// A selector of selectors.yml
    #[arg(long, value_name = "NAME")]
    pub selector: Option<String>,
    /// Only nodes of these kinds: model, seed, test …
    #[arg(long, alias = "resource-types", num_args = 1.., value_name = "KIND")]
    pub resource_type: Vec<String>,
    /// No nodes of these kinds
    #[arg(long, alias = "exclude-resource-types", num_args = 1.., value_name = "KIND")]
    pub exclude_resource_type: Vec<String>,
}

/// What a command works on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// Always.
    pub works_on: &'static [ResourceType],
    /// When `--resource-type` names it.
    pub if_asked: &'static [ResourceType],
    /// Whether models whose file is blank are kept.
    pub include_blank: bool,
    /// Whether it builds what it works on.
    pub builds: bool,
    /// Whether it clones what it works on from an earlier run.
    pub clones: bool,
}

impl SelectionArgs {
    /// The flags as templates see them.
    pub fn flags(&self) -> Map<String, Json> {
        let mut flags = Map::new();
        flags.insert("SELECT".into(), Json::from(self.select.clone()));
        flags.insert("EXCLUDE".into(), Json::from(self.exclude.clone()));
        flags.insert("SELECTOR".into(), Json::from(self.selector.clone()));
        flags
    }

    /// Whether a node is named outright, rather than picked by a method or together with others.
    pub fn names(&self, node: &Node) -> bool {
        self.select.iter().flat_map(|spec| spec.split([' ', ','])).any(|name| name == node.name || name == node.alias)
    }

    /// The nodes that are meant, as positions in the graph.
    ///
    /// # Errors
    /// The selection can't be read, or matches nothing and warnings are errors; that was said, and the exit code is given.
    pub fn nodes(&self, global: &GlobalArgs, opened: &Opened, scope: Scope) -> Result<Vec<usize>, Exit> {
        let mut checked = self.checked(global, &opened.session, scope);
        project::warnings(
            &opened.session.shared.warn_errors,
            opened.reporter.as_ref(),
            &mut checked.diagnostics,
            &opened.session.sources,
        )?;
        if let Some(problem) = checked.diagnostics.iter().find(|d| d.is_error()) {
            return Err(if problem.code == "bad-state" { 1 } else { 2 });
        }
        Ok(checked.value.nodes)
    }

    fn checked(&self, global: &GlobalArgs, session: &Session, scope: Scope) -> Checked<Selection> {
        let mut diagnostics = Vec::new();
        let request = self.request(global, session, scope, &mut diagnostics);
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Checked { value: Selection::default(), diagnostics };
        }
        diagnostics.extend(global.state.warning(session));
        let found = global.state.previous(session).and_then(|previous| {
            let found =
                select(&session.graph, &session.selectors, &request, previous.as_ref()).unpack(&mut diagnostics);
            let ids: Vec<String> = found.nodes.iter().map(|i| session.graph.node(*i).unique_id.clone()).collect();
            if let Some(deferred) = global.state.deferred(session, &ids, scope)? {
                let _ = session.shared.deferred.set(deferred);
            }
            Ok(found)
        });
        let found = found.unwrap_or_else(|problem| {
            diagnostics.push(*problem);
            Selection::default()
        });
        Checked { value: found, diagnostics }
    }

    fn request(
        &self,
        global: &GlobalArgs,
        session: &Session,
        scope: Scope,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Request {
        let mode = global.indirect_selection.clone().or_else(|| global.setting("INDIRECT_SELECTION"));
        let indirect = match mode.as_deref().map(Indirect::from_str) {
            Some(Ok(mode)) => mode,
            Some(Err(diagnostic)) => {
                diagnostics.push(*diagnostic);
                Indirect::default()
            }
            None => Indirect::default(),
        };
        Request {
            select: self.select.clone(),
            exclude: self.exclude.clone(),
            selector: self.selector.clone(),
            works_on: scope.works_on.to_vec(),
            works_on_if_asked: scope.if_asked.to_vec(),
            resource_types: kinds(&listed(&self.resource_type, "RESOURCE_TYPES"), scope, diagnostics),
            exclude_resource_types: kinds(
                &listed(&self.exclude_resource_type, "EXCLUDE_RESOURCE_TYPES"),
                scope,
                diagnostics,
            ),
            indirect,
            project: session.shared.settings.name.clone(),
            include_blank: scope.include_blank,
        }
    }
}

/// A list of the command line, or of the environment.
fn listed(own: &[String], name: &str) -> Vec<String> {
    match own {
        [] => env(name).into_iter().collect(),
        own => own.to_vec(),
    }
}

fn kinds(names: &[String], scope: Scope, diagnostics: &mut Vec<Diagnostic>) -> Vec<ResourceType> {
    let mut found = Vec::new();
    for name in names.iter().flat_map(|n| n.split([' ', ','])).filter(|n| !n.is_empty()) {
        match name {
            "all" => found.extend(scope.works_on.iter().chain(scope.if_asked)),
            "default" => found.extend(scope.works_on),
            _ => match ResourceType::ALL.into_iter().find(|k| k.as_str() == name) {
                Some(kind) => found.push(kind),
                None => diagnostics.push(
                    Diagnostic::error("bad-selector", format!("`{name}` is no kind of node"))
                        .hint(format!("kinds are {}", ResourceType::ALL.map(ResourceType::as_str).join(", ")))
                        .maybe_hint(did_you_mean(name, ResourceType::ALL.map(ResourceType::as_str))),
                ),
            },
        }
    }
    found
}
