//! Nodes that a macro materializes: those of a project's own `{% materialization %}`, snapshots, files.

use std::sync::PoisonError;

use jiff::Timestamp;
use karat_adapters::RelationKind;
use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::execute::Run;
use crate::execute::hooks::NodeHooks;
use crate::execute::node::{statement, with_place};
use crate::jinja::macros::MacroInfo;
use crate::jinja::materialize::{self, Main, Stopped};
use crate::jinja::overrides::strategy_macro;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::SharedConnection;
use crate::node::{Node, ResourceType};
use crate::plan::{self, Outcome};
use crate::render::Rendered;
use crate::report::NodeResult;
use crate::report::artifacts::run_path;

/// What karat plans by itself, unless the project has a materialization of that name.
const PLANNED: [&str; 7] = ["view", "table", "incremental", "materialized_view", "ephemeral", "seed", "test"];

/// How a node is built.
pub(super) enum How<'a> {
    /// By a macro, which runs the hooks too.
    Macro(&'a MacroInfo),
    /// By karat's own plan, with these hooks.
    Planned(NodeHooks),
}

impl Run<'_> {
    /// How a node is built: by a macro, or by karat's own plan.
    ///
    /// # Errors
    /// There is no such materialization.
    pub(super) fn materialization(&self, index: usize) -> Result<How<'_>, Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        let planned = |hooks: NodeHooks| Ok(How::Planned(hooks));
        use ResourceType::{Function, Model, Seed, Snapshot, Test};
        let shared = &self.session.shared;
        let name = node.materialized();
        if !matches!(node.resource_type, Model | Seed | Snapshot | Test | Function) || name == "ephemeral" {
            return planned(NodeHooks::default());
        }
        match self.macro_of(node, name) {
            Ok(info) if shared.macros.is_builtin(info) && PLANNED.contains(&name) => {
                if self.by_macro(node, info) {
                    return Ok(How::Macro(info));
                }
                let hooks = self.node_hooks(index).map_err(|problem| Box::new(with_place(problem, node)))?;
                hooks.map_or(Ok(How::Macro(info)), planned)
            }
            found => found.map(How::Macro),
        }
    }

    /// The macro of a materialization.
    fn macro_of(&self, node: &Node, name: &str) -> Result<&MacroInfo, Box<Diagnostic>> {
        let shared = &self.session.shared;
        let engine = shared.target.kind.as_str();
        let replace = shared.flags.get("REQUIRE_EXPLICIT_PACKAGE_OVERRIDES_FOR_BUILTIN_MATERIALIZATIONS");
        let replace = replace.and_then(Json::as_bool) == Some(false);
        let found = shared.macros.materialization(name, engine, replace);
        found.ok_or_else(|| Box::new(with_place(shared.macros.unknown_materialization(node, engine), node)))
    }

    /// Whether the macro of a materialization that karat plans by itself is needed: the project puts its own macro in
    /// the place of one that it calls, or has a strategy of its own.
    fn by_macro(&self, node: &Node, info: &MacroInfo) -> bool {
        let shared = &self.session.shared;
        let strategy = node.config.str("incremental_strategy").filter(|_| node.materialized() == "incremental");
        let own = strategy.is_some_and(|name| {
            let found = shared.macros.find(&node.package, &strategy_macro(name));
            !shared.has_strategy(name) && found.is_some_and(|info| !shared.macros.is_builtin(info))
        });
        own || shared.is_changed(&node.package, info, strategy.unwrap_or("default"))
    }

    /// Runs the macro that materializes a node. What it left open is rolled back. `kept` is set where statements were
    /// sent, which are then in the target folder.
    pub(super) fn materialize(
        &self,
        index: usize,
        info: &MacroInfo,
        rendered: &Rendered,
        connection: &SharedConnection,
        kept: &mut bool,
    ) -> Result<Outcome, Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        let shared = &self.session.shared;
        let owner = Owner::Node(self.session.graph.clone(), index);
        let mut scope = Scope::execute(shared.clone(), node.package.clone(), owner, Some(connection.clone()));
        if node.resource_type == ResourceType::Seed {
            scope.give_rows(&self.seed_rows(node, connection).map_err(|d| Box::new(with_place(d, node)))?);
        }
        let done = self.call(node, scope, info, rendered, connection, kept)?;
        done.map(outcome).ok_or_else(|| Box::new(with_place(materialize::without_main(node, info), node)))
    }

    /// Makes in place of a node what reads the relation of an earlier run: a clone, or a view.
    pub(super) fn clone_node(
        &self,
        index: usize,
        connection: &SharedConnection,
        result: &mut NodeResult,
    ) -> Result<(), Box<Diagnostic>> {
        let node = self.session.graph.node(index);
        let shared = &self.session.shared;
        (result.execute_started, result.cloned) = (Some(Timestamp::now()), true);
        let info = self.macro_of(node, "clone")?;
        let name = shared.deferred.get().and_then(|deferred| deferred.relations.get(&node.unique_id));
        let other = name.map(|name| shared.relation(name.clone(), None));
        let sql = other.as_ref().map(|other| format!("select * from {}", other.sql())).unwrap_or_default();
        let owner = Owner::Node(self.session.graph.clone(), index);
        let mut scope = Scope::execute(shared.clone(), node.package.clone(), owner, Some(connection.clone()));
        scope.give_original(other);
        let rendered = Rendered { sql: sql.into(), ctes: Vec::new() };
        match self.call(node, scope, info, &rendered, connection, &mut result.kept)?.map(outcome) {
            Some(outcome) => {
                (result.message, result.adapter_response) = (Some(outcome.message), outcome.adapter_response)
            }
            None => result.message = Some("No-op".to_owned()),
        }
        Ok(())
    }

    /// Calls the macro that materializes a node. Gives what its main statement did.
    fn call(
        &self,
        node: &Node,
        scope: Scope,
        info: &MacroInfo,
        rendered: &Rendered,
        connection: &SharedConnection,
        kept: &mut bool,
    ) -> Result<Option<Main>, Box<Diagnostic>> {
        let shared = &self.session.shared;
        let ended = materialize::run(scope, info, statement(&rendered.sql));
        if ended.left_open {
            plan::roll_back(connection.lock().unwrap_or_else(PoisonError::into_inner).as_mut(), shared.dialect);
        }
        *kept = !ended.sent.is_empty();
        let sent: Vec<String> = ended.sent.iter().map(|sql| statement(sql.trim()).to_owned()).collect();
        self.keep(&self.path(run_path(node, "")), &sent);
        let done = ended.result.map_err(|stopped| match stopped {
            Stopped::Rejected(engine, sql) => Box::new(self.rejected(node, &engine, &sql, rendered)),
            Stopped::Problem(diagnostic) => Box::new(with_place(self.outside_of_karat(*diagnostic), node)),
        })?;
        if !ended.left_open && node.resource_type != ResourceType::Function {
            let mut catalog = shared.catalog.write().unwrap_or_else(PoisonError::into_inner);
            for relation in &done.relations {
                catalog.set(&relation.name, Some(relation.kind.unwrap_or(RelationKind::Table)));
            }
        }
        Ok(done.main)
    }

    /// A problem that one of karat's own macros raises is shown where the node is.
    fn outside_of_karat(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let sources = &self.session.sources;
        diagnostic.labels.retain(|label| !sources.get(label.span.source).path.starts_with("<karat>"));
        diagnostic
    }
}

fn outcome(main: Main) -> Outcome {
    let Main { rows_affected, message, response, table } = main;
    Outcome { rows_affected, message, adapter_response: response, table, notes: Vec::new() }
}
