//! The second evaluation: templates become the SQL that will run, with real relation names.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use minijinja::Value;
use rayon::prelude::*;

use crate::batches::Batch;
use crate::diagnostic::Diagnostic;
use crate::discover::tests as generic;
use crate::graph::Graph;
use crate::jinja::report::{diagnose, needs_connection, undefined_print};
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::{Shared, SharedConnection};
use crate::node::{Node, ResourceType};
use crate::source::Span;

/// A node's SQL.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// What will run: the template's output with the CTEs of the ephemeral models that it reads.
    pub sql: Arc<str>,
    /// Those CTEs: unique id of the model and its SQL, in order.
    pub ctes: Vec<(String, String)>,
}

/// Why a node has no SQL.
#[derive(Debug, Clone)]
pub enum Failure {
    /// Its template asks the warehouse: render it again with a connection.
    Introspective,
    /// Its template is wrong.
    Problem(Box<Diagnostic>),
}

/// The SQL of every node, made when it is first asked for.
pub struct Renderer {
    shared: Arc<Shared>,
    graph: Arc<Graph>,
    bodies: Vec<OnceLock<Result<Body, Failure>>>,
}

/// A template's own output, before the CTEs.
#[derive(Debug, Clone)]
struct Body {
    sql: String,
    /// Positions of the ephemeral models that it reads, in order.
    reads: Vec<usize>,
    /// Unique ids of the macros that it named.
    macros: BTreeSet<String>,
}

impl Renderer {
    /// A renderer for the nodes of this graph.
    pub fn new(shared: Arc<Shared>, graph: Arc<Graph>) -> Self {
        let bodies = (0..graph.len()).map(|_| OnceLock::new()).collect();
        Self { shared, graph, bodies }
    }

    /// Renders these nodes side by side, as far as that goes without a connection.
    pub fn prepare(&self, nodes: &[usize]) {
        nodes.par_iter().for_each(|index| drop(self.render(*index, None)));
    }

    /// The SQL of a node.
    ///
    /// # Errors
    /// The template is wrong, or it asks the warehouse and there is no connection.
    pub fn render(&self, index: usize, connection: Option<&SharedConnection>) -> Result<Rendered, Failure> {
        let body = self.body(index, connection)?;
        self.with_ctes(body.sql, &body.reads, connection)
    }

    /// The SQL of a microbatch model for one of its batches.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub fn render_batch(
        &self,
        index: usize,
        connection: &SharedConnection,
        batch: &Batch,
    ) -> Result<Rendered, Failure> {
        let body = self.evaluate(index, Some(connection), Some(batch))?;
        self.with_ctes(body.sql, &body.reads, Some(connection))
    }

    /// Puts the CTEs of these ephemeral models (positions) and of those they read into a query.
    ///
    /// # Errors
    /// As [`Renderer::render`], for each of them.
    pub fn with_ctes(
        &self,
        sql: String,
        reads: &[usize],
        connection: Option<&SharedConnection>,
    ) -> Result<Rendered, Failure> {
        let body = Body { sql, reads: reads.to_vec(), macros: BTreeSet::new() };
        let mut ctes = Vec::new();
        self.collect_ctes(&body, connection, &mut ctes)?;
        if ctes.is_empty() {
            return Ok(Rendered { sql: body.sql.into(), ctes: Vec::new() });
        }
        let named: Vec<(String, String)> = ctes
            .iter()
            .map(|(index, sql)| (format!("__dbt__cte__{}", self.graph.node(*index).alias), sql.clone()))
            .collect();
        let sql = karat_sql::ctes::inject_ctes(&body.sql, &named);
        let ctes = ctes.into_iter().map(|(i, sql)| (self.graph.node(i).unique_id.clone(), sql)).collect();
        Ok(Rendered { sql: sql.into(), ctes })
    }

    /// Notes the SQL of a node that was rendered elsewhere: a hook of the project.
    pub fn remember(&self, index: usize, sql: &str) {
        let _ = self.bodies[index].set(Ok(Body { sql: sql.to_owned(), reads: Vec::new(), macros: BTreeSet::new() }));
    }

    /// Unique ids of the macros that a node named when it was rendered.
    pub fn named_macros(&self, index: usize) -> impl Iterator<Item = &String> {
        self.bodies[index].get().and_then(|body| body.as_ref().ok()).into_iter().flat_map(|body| &body.macros)
    }

    /// What was rendered of a node so far.
    pub fn rendered(&self, index: usize) -> Option<Rendered> {
        self.bodies[index].get()?.as_ref().ok()?;
        self.render(index, None).ok()
    }

    fn collect_ctes(
        &self,
        body: &Body,
        connection: Option<&SharedConnection>,
        ctes: &mut Vec<(usize, String)>,
    ) -> Result<(), Failure> {
        for index in &body.reads {
            if ctes.iter().any(|(i, _)| i == index) {
                continue;
            }
            let inner = self.body(*index, connection)?;
            self.collect_ctes(&inner, connection, ctes)?;
            if !ctes.iter().any(|(i, _)| i == index) {
                ctes.push((*index, inner.sql));
            }
        }
        Ok(())
    }

    fn body(&self, index: usize, connection: Option<&SharedConnection>) -> Result<Body, Failure> {
        if let Some(done) = self.bodies[index].get() {
            return done.clone();
        }
        match self.evaluate(index, connection, None) {
            // Without a connection that is not the last word.
            Err(Failure::Introspective) => Err(Failure::Introspective),
            other => self.bodies[index].get_or_init(|| other).clone(),
        }
    }

    /// The SQL that a model's template gives for a unit test.
    ///
    /// # Errors
    /// The template is wrong, or reads what the test gives nothing for.
    pub fn for_unit_test(&self, index: usize, scope: Scope) -> Result<String, Box<Diagnostic>> {
        let node = self.graph.node(index);
        let scope = Arc::new(scope);
        let sql = self.template(node, &scope).map_err(|e| Box::new(diagnose(&e, node.span, &self.shared.macros)))?;
        let said = std::mem::take(&mut *scope.said());
        self.undefined(node, &said.unknown).map_or(Ok(sql), |problem| Err(Box::new(problem)))
    }

    /// What a template gives that is no node's own.
    ///
    /// # Errors
    /// The template is wrong.
    pub fn text(&self, name: &str, template: &str, scope: Scope) -> Result<String, Box<Diagnostic>> {
        let engine = self.shared.macros.engine();
        let rendered = engine.render(name, template, Value::from_dyn_object(Arc::new(scope)));
        rendered.map_err(|e| Box::new(diagnose(&e, None, &self.shared.macros)))
    }

    fn evaluate(
        &self,
        index: usize,
        connection: Option<&SharedConnection>,
        batch: Option<&Batch>,
    ) -> Result<Body, Failure> {
        let node = self.graph.node(index);
        let owner = Owner::Node(self.graph.clone(), index);
        let mut scope = Scope::execute(self.shared.clone(), node.package.clone(), owner, connection.cloned());
        scope.batch = batch.cloned();
        let scope = Arc::new(scope);
        let fail = |e: &karat_jinja::JinjaError| match needs_connection(e) {
            true => Failure::Introspective,
            false => Failure::Problem(Box::new(self.locate(node, diagnose(e, node.span, &self.shared.macros)))),
        };
        let (sql, scope) = match node.generic_test() {
            Some(test) => self.generic_test(node, test, scope).map_err(|e| fail(&e))?,
            None => (self.template(node, &scope).map_err(|e| fail(&e))?, scope),
        };
        let said = std::mem::take(&mut *scope.said());
        if let Some(diagnostic) = self.undefined(node, &said.unknown) {
            return Err(Failure::Problem(Box::new(diagnostic)));
        }
        let mut reads = said.ephemeral;
        let mut seen = std::collections::HashSet::new();
        reads.retain(|i| seen.insert(*i));
        Ok(Body { sql, reads, macros: said.macros })
    }

    fn template(&self, node: &Node, scope: &Arc<Scope>) -> Result<String, karat_jinja::JinjaError> {
        if node.resource_type == ResourceType::Seed {
            return Ok(String::new());
        }
        if node.is_python() {
            return Ok(node.raw_code.to_string());
        }
        let engine = self.shared.macros.engine();
        engine.render(&node.unique_id, &node.raw_code, Value::from_dyn_object(scope.clone()))
    }

    /// Calls the macro of a generic test with its evaluated arguments.
    fn generic_test(
        &self,
        node: &Node,
        test: &crate::node::GenericTest,
        scope: Arc<Scope>,
    ) -> Result<(String, Arc<Scope>), karat_jinja::JinjaError> {
        let kwargs = generic::rendered_kwargs(&scope, &test.kwargs)?;
        let macro_name = format!("test_{}", test.name);
        let code = generic::call_code(&macro_name, test.namespace.as_deref());
        let mut extra = HashMap::new();
        extra.insert(generic::KWARGS.to_owned(), kwargs);
        let scope = Arc::new(Scope::again(&scope, extra));
        let engine = self.shared.macros.engine();
        let sql = engine.render(&node.unique_id, &code, Value::from_dyn_object(scope.clone()))?;
        Ok((sql, scope))
    }

    /// Adds where a data test is declared, when the error is not in a file of its own.
    fn locate(&self, node: &Node, diagnostic: Diagnostic) -> Diagnostic {
        match node.generic_test() {
            Some(test) => generic::in_test(diagnostic, test.span),
            None => diagnostic,
        }
    }

    /// The error for `{{ name }}` in a node's own template where nothing defines the name.
    fn undefined(&self, node: &Node, unknown: &[String]) -> Option<Diagnostic> {
        let span = node.span?;
        for name in unknown {
            if let Some((start, end)) = bare_print(&node.raw_code, name) {
                let base = span.start as usize;
                let at = Span::new(span.source, base + start, base + end);
                return Some(undefined_print(name, Some(at), &self.shared.macros));
            }
        }
        None
    }
}

/// Where a template prints a name and nothing else: `{{ name }}`.
fn bare_print(code: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = code[from..].find("{{") {
        let start = from + at + 2;
        let end = start + code[start..].find("}}")?;
        let inner = code[start..end].trim_matches(['-', '+']).trim();
        if inner == name {
            let offset = start + code[start..end].find(name)?;
            return Some((offset, offset + name.len()));
        }
        from = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::bare_print;

    #[test]
    fn only_a_bare_name_counts_as_printed() {
        assert_eq!(bare_print("select {{- foo -}}", "foo"), Some((11, 14)));
        assert_eq!(bare_print("select {{ foo | default(1) }} {{ bar.foo }}", "foo"), None);
        assert_eq!(bare_print("{{ a }} {{ foo }}", "foo"), Some((11, 14)));
        assert_eq!(bare_print("{{ foo", "foo"), None);
    }
}
