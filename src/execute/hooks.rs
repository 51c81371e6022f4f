//! Hooks: SQL of the project's own before and after the run, and before and after a node.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use minijinja::Value;
use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::execute::{Run, trace};
use crate::jinja::functions::stores_failures;
use crate::jinja::report::{diagnose, needs_connection};
use crate::jinja::results;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::SharedConnection;
use crate::node::{Detail, Node, ResourceType};
use crate::plan::Hook;
use crate::report::ResultEntry;
use crate::report::{Event, NodeResult, Position, Status};

/// Settings of nodes that hold hooks.
pub(super) const PRE_HOOK: &str = "pre-hook";
pub(super) const POST_HOOK: &str = "post-hook";

/// The hooks of a node, rendered.
#[derive(Debug, Default)]
pub(super) struct NodeHooks {
    pub before: Vec<Hook>,
    pub after: Vec<Hook>,
}

impl Run<'_> {
    /// Runs the hooks of the project, in order. After a failure the rest are skipped.
    pub(super) fn hooks(
        &self,
        at_start: bool,
        connection: &SharedConnection,
        results: &[NodeResult],
        clock: Instant,
    ) -> Vec<NodeResult> {
        if !self.options.hooks {
            return Vec::new();
        }
        let graph = &self.session.graph;
        let of_kind = |n: &Node| matches!(n.detail, Detail::Hook { start, .. } if start == at_start);
        let hooks: Vec<usize> = (0..graph.len()).filter(|i| of_kind(graph.node(*i))).collect();
        let mut done: Vec<NodeResult> = Vec::new();
        for (number, index) in hooks.iter().enumerate() {
            let node = graph.node(*index);
            let failed = done.iter().any(|r| r.status.is_failure()) || self.cancel.signal().is_some();
            let result = match failed {
                true => NodeResult::skipped(&node.unique_id, "an earlier hook failed"),
                false => self.hook(*index, number, connection, results, clock),
            };
            let position = Position { index: number + 1, total: hooks.len() };
            self.reporter.event(&Event::HookFinished { position, node, result: &result });
            done.push(result);
        }
        done
    }

    fn hook(
        &self,
        index: usize,
        number: usize,
        connection: &SharedConnection,
        results: &[NodeResult],
        clock: Instant,
    ) -> NodeResult {
        let node = self.session.graph.node(index);
        let started = Instant::now();
        let mut result = NodeResult::new(&node.unique_id, Status::Success);
        result.compile_started = Some(Timestamp::now());
        let extra = self.end_context(results, clock);
        match self.render_text(&node.raw_code, Owner::Node(self.session.graph.clone(), index), connection, extra) {
            Ok(sql) => {
                result.compiled = true;
                result.compiled_code = Some(sql.as_str().into());
                result.compile_completed = Some(Timestamp::now());
                result.execute_started = result.compile_completed;
                result.message = Some(passed(node, number));
                self.renderer.remember(index, &sql);
                if !sql.trim().is_empty() {
                    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                    match connection.execute(&sql) {
                        Ok(_) => {}
                        Err(error) => {
                            (result.status, result.message) = (Status::Error, None);
                            let diagnostic = trace::engine_error(node, &error, &sql, "", &[])
                                .note(format!("in the hook: {}", sql.trim()));
                            result.diagnostic = Some(diagnostic);
                        }
                    }
                }
            }
            Err(diagnostic) => {
                result.status = Status::Error;
                result.diagnostic = Some(diagnostic.note(format!("in the hook: {}", node.raw_code)));
            }
        }
        result.failures = Some(i64::from(result.status.is_failure()));
        result.message = result.message.or_else(|| result.diagnostic.as_ref().map(|d| d.plain(&self.session.sources)));
        result.execute_completed = result.execute_started.map(|_| Timestamp::now());
        result.execution_seconds = started.elapsed().as_secs_f64();
        result
    }

    /// `results`, `schemas`, `database_schemas`: what hooks at the end see.
    fn end_context(&self, results: &[NodeResult], clock: Instant) -> HashMap<String, Value> {
        let graph = &self.session.graph;
        let mut schemas: Vec<(Option<String>, String)> = Vec::new();
        let mut listed = Vec::with_capacity(results.len());
        for result in results {
            let Some(node) = graph.get(&result.unique_id) else { continue };
            let schema = (node.database.clone(), node.schema.clone());
            let is_there = !result.status.is_failure() && result.status != Status::Skipped;
            if is_there && self.makes_relation(node) && !schemas.contains(&schema) {
                schemas.push(schema);
            }
            if node.resource_type == ResourceType::Operation && !result.status.is_failure() {
                continue;
            }
            listed.push(results::of(
                &self.session.shared,
                node,
                serde_json::to_value(ResultEntry(result)).unwrap_or_default(),
            ));
        }
        let names: Vec<Json> = schemas.iter().map(|(_, s)| json!(s)).collect();
        let pairs =
            schemas.iter().map(|(d, s)| karat_jinja::tuple(vec![Value::from(d.clone()), Value::from(s.as_str())]));
        HashMap::from([
            ("results".to_owned(), karat_jinja::list(listed)),
            ("schemas".to_owned(), karat_jinja::from_json(Json::Array(names))),
            ("database_schemas".to_owned(), karat_jinja::list(pairs.collect())),
            ("elapsed".to_owned(), Value::from(clock.elapsed().as_secs_f64())),
        ])
    }

    fn makes_relation(&self, node: &Node) -> bool {
        node.resource_type.is_refable()
            || node.resource_type == ResourceType::Test && stores_failures(&node.config, self.options.store_failures)
    }

    /// Renders a text that belongs to a node.
    pub(super) fn render_text(
        &self,
        text: &str,
        owner: Owner,
        connection: &SharedConnection,
        extra: HashMap<String, Value>,
    ) -> Result<String, Diagnostic> {
        let shared = &self.session.shared;
        let package = owner.node().map_or_else(|| shared.settings.name.as_str().into(), |n| n.package.clone());
        let mut scope = Scope::execute(shared.clone(), package, owner, Some(connection.clone()));
        scope.extra = extra;
        let context = Value::from_dyn_object(Arc::new(scope));
        shared.macros.engine().render("<hook>", text, context).map_err(|e| diagnose(&e, None, &shared.macros))
    }

    /// The hooks of a node, rendered; `None` if one asks or changes the warehouse while it renders: then its turn has
    /// to come first.
    pub(super) fn node_hooks(&self, index: usize) -> Result<Option<NodeHooks>, Diagnostic> {
        let Some(before) = self.render_hooks(index, PRE_HOOK, None)? else { return Ok(None) };
        Ok(self.render_hooks(index, POST_HOOK, None)?.map(|after| NodeHooks { before, after }))
    }

    /// Hooks of a node, rendered; `None` if there is no connection and one needs it.
    pub(super) fn render_hooks(
        &self,
        index: usize,
        key: &str,
        connection: Option<&SharedConnection>,
    ) -> Result<Option<Vec<Hook>>, Diagnostic> {
        let (shared, graph) = (&self.session.shared, &self.session.graph);
        let node = graph.node(index);
        let mut hooks = Vec::new();
        for (text, transaction) in node.config.hooks(key) {
            let owner = Owner::Node(graph.clone(), index);
            let scope = Scope::execute(shared.clone(), node.package.clone(), owner, connection.cloned());
            let context = Value::from_dyn_object(Arc::new(scope));
            match shared.macros.engine().render("<hook>", &text, context) {
                Ok(sql) => hooks.push(Hook { sql, transaction }),
                Err(error) if connection.is_none() && needs_connection(&error) => return Ok(None),
                Err(error) => {
                    return Err(diagnose(&error, None, &shared.macros)
                        .at(node.start(), format!("in a {key} of this node"))
                        .note(format!("in the {key}: {text}")));
                }
            }
        }
        Ok(Some(hooks))
    }
}

/// `shop.on-run-start.0 passed`: what dbt says of a hook that did what it should, with its place among all of its kind.
fn passed(node: &Node, number: usize) -> String {
    let start = matches!(node.detail, Detail::Hook { start: true, .. });
    format!("{}.on-run-{}.{number} passed", node.package, if start { "start" } else { "end" })
}
