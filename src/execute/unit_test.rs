//! Running a unit test: the model's query over fixtures, compared with what was expected.
//!
//! Nothing that the model reads has to be there. The columns of an input are those of its relation where there is
//! one; else those of the seed's file, or those that the query of the model would have (over empty inputs of its own,
//! and so on upwards), or those that a properties file declares. Where nothing tells, they are those of the fixture, of
//! types that fit its values.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use karat_adapters::{Column, RelationName, Table};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::execute::{Run, python_model, trace};
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::SharedConnection;
use crate::jinja::unit::UnitScope;
use crate::node::{Node, ResourceType};
use crate::plan;
use crate::report::artifacts::{compiled_path, run_path};
use crate::report::{NodeResult, Status};
use crate::unit_test::fixture::{self, Typed};
use crate::unit_test::{Fixture, Format, Given, Row, Rows, UnitTest, diff};

type Made<T> = Result<T, Box<Diagnostic>>;

/// One unit test on one connection.
struct Bench<'a> {
    run: &'a Run<'a>,
    node: &'a Node,
    test: &'a UnitTest,
    connection: &'a SharedConnection,
    /// The columns of nodes by position; `None` where nothing tells them.
    known: HashMap<usize, Option<Vec<Column>>>,
    /// The inputs of which only the fixture tells the columns.
    unsure: Vec<String>,
}

impl Run<'_> {
    /// Runs a unit test and says how it went.
    pub(super) fn unit_test(&self, index: usize, connection: &SharedConnection, result: &mut NodeResult) -> Made<()> {
        let node = self.session.graph.node(index);
        let Some(test) = node.unit_test() else { return Ok(()) };
        let mut bench = Bench { run: self, node, test, connection, known: HashMap::new(), unsure: Vec::new() };
        result.compile_started = Some(Timestamp::now());
        let sql = bench.compile()?;
        self.write(&self.path(compiled_path(node, "")), &sql);
        (result.compiled, result.compiled_code) = (true, Some(sql.as_str().into()));
        result.compile_completed = Some(Timestamp::now());
        result.execute_started = result.compile_completed;
        result.adapter_response.insert("_message".to_owned(), "OK".into());
        match bench.compare(&sql)? {
            None => (result.status, result.failures) = (Status::Pass, Some(0)),
            Some(difference) => {
                (result.status, result.failures) = (Status::Fail, Some(1));
                result.message = Some(format!("actual differs from expected:\n\n{}", difference.render()));
            }
        }
        Ok(())
    }
}

impl Bench<'_> {
    /// The query of the model with its fixtures.
    fn compile(&mut self) -> Made<String> {
        let graph = &self.run.session.graph;
        let Some(model) = self.node.depends_on.first().and_then(|id| graph.index(id)) else {
            return Ok(String::new());
        };
        if graph.node(model).is_python() {
            return Err(self.locate(python_model(graph.node(model))));
        }
        let (mut inputs, mut this, mut ctes) = (HashMap::new(), None, Vec::new());
        for given in &self.test.given {
            let Some(index) = graph.index(&given.node) else { continue };
            let name = cte_name(graph.node(index));
            ctes.push((format!("__dbt__cte__{name}"), self.given(index, given)?));
            match index == model {
                true => this = Some(name),
                false => drop(inputs.insert(index, name)),
            }
        }
        let unit = UnitScope::new(inputs, this, self.test.overrides.as_ref());
        let sql = self.run.renderer.for_unit_test(model, self.scope(model, unit)).map_err(|d| self.locate(*d))?;
        Ok(karat_sql::ctes::inject_ctes(statement(&sql), &ctes))
    }

    fn scope(&self, index: usize, unit: UnitScope) -> Scope {
        let session = self.run.session;
        let owner = Owner::Node(session.graph.clone(), index);
        let package = session.graph.node(index).package.clone();
        let mut scope = Scope::execute(session.shared.clone(), package, owner, Some(self.connection.clone()));
        scope.unit = Some(Arc::new(unit));
        scope
    }

    /// Adds where the unit test is declared.
    fn locate(&self, problem: Diagnostic) -> Box<Diagnostic> {
        let first = problem.labels.is_empty();
        Box::new(problem.at(self.node.patch_span, if first { "" } else { "for this unit test" }))
    }

    /// The query that gives the rows of an input.
    fn given(&mut self, index: usize, given: &Given) -> Made<String> {
        let fixture = &given.fixture;
        let rows = match &fixture.rows {
            Rows::Table(rows) => rows.clone(),
            Rows::Seed => self.seed_rows(index)?,
            Rows::Sql(template) => return self.rendered(index, template).and_then(|sql| self.checked(sql, fixture)),
        };
        let columns = match self.columns(index) {
            Some(columns) => {
                self.check(fixture, &columns, &format!("{} has", given.input))?;
                columns
            }
            None => {
                self.unsure.push(given.input.clone());
                self.guessed(index, &rows, fixture.format)
            }
        };
        if columns.is_empty() {
            let message = format!("nothing tells which columns {} has", given.input);
            return Err(Box::new(
                Diagnostic::error("unit-test-input", message)
                    .at(given.span, "")
                    .hint("build it, declare its columns with their `data_type`, or give a row with a value for each"),
            ));
        }
        Ok(fixture::select(&rows, &columns, self.run.session.shared.dialect))
    }

    fn rendered(&self, index: usize, template: &str) -> Made<String> {
        let unit = UnitScope::new(HashMap::new(), None, self.test.overrides.as_ref());
        let scope = self.scope(index, unit);
        let sql = self.run.renderer.text(&self.node.unique_id, template, scope).map_err(|d| self.locate(*d))?;
        Ok(statement(&sql).to_owned())
    }

    /// A query of a fixture that the engine takes.
    fn checked(&self, sql: String, fixture: &Fixture) -> Made<String> {
        let found = self.connection.lock().unwrap_or_else(PoisonError::into_inner).describe(&sql);
        match found {
            Ok(_) => Ok(sql),
            Err(error) => Err(Box::new(
                Diagnostic::error("engine-error", error.message)
                    .at(fixture.span, format!("in this query of the unit test `{}`", self.node.name))
                    .maybe_hint(error.hint),
            )),
        }
    }

    fn seed_rows(&self, index: usize) -> Made<Vec<Row>> {
        let node = self.run.session.graph.node(index);
        let path = self.run.session.shared.settings_of(&node.package).root.join(&node.file);
        let text = self
            .run
            .files
            .read(&path)
            .map_err(|e| e.to_string())
            .and_then(|b| String::from_utf8(b).map_err(|e| e.to_string()));
        let rows = text.and_then(|text| fixture::csv_rows(text.trim_start_matches('\u{feff}')));
        rows.map(|(_, rows)| rows).map_err(|problem| {
            self.locate(Diagnostic::error("bad-seed", format!("the rows of {}: {problem}", node.label())))
        })
    }

    /// The columns that a node has, or would have.
    fn columns(&mut self, index: usize) -> Option<Vec<Column>> {
        if let Some(known) = self.known.get(&index) {
            return known.clone();
        }
        let node = self.run.session.graph.node(index);
        let found = self.existing(index, node).or_else(|| match node.resource_type {
            ResourceType::Seed => self.of_seed(node),
            ResourceType::Model => self.of_query(index, node),
            _ => None,
        });
        self.known.insert(index, found.clone());
        found
    }

    fn existing(&self, index: usize, node: &Node) -> Option<Vec<Column>> {
        let shared = &self.run.session.shared;
        let identifier = node.source_table().map_or(&node.alias, |table| &table.identifier);
        let own = RelationName { identifier: identifier.clone(), ..node.target() };
        let other = shared.deferred.get().and_then(|d| d.relations.get(&self.run.session.graph.node(index).unique_id));
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(location) = node.source_table().and_then(|t| t.external_location.as_deref()) {
            return connection.describe(&format!("select * from {location}")).ok();
        }
        if node.is_ephemeral() {
            return None;
        }
        let mut of = |name: &RelationName| connection.columns(name).ok().filter(|columns| !columns.is_empty());
        of(&own).or_else(|| of(other?))
    }

    fn of_seed(&self, node: &Node) -> Option<Vec<Column>> {
        let bytes =
            self.run.files.read(&self.run.session.shared.settings_of(&node.package).root.join(&node.file)).ok()?;
        let columns = plan::seed_columns(node, &bytes, |kind| self.run.adapter.seed_type(kind)).ok()?;
        Some(columns.into_iter().map(|c| Column::new(c.name, c.data_type)).collect())
    }

    /// The columns of a model's query over empty inputs.
    fn of_query(&mut self, index: usize, node: &Node) -> Option<Vec<Column>> {
        let graph = &self.run.session.graph;
        let (mut inputs, mut ctes) = (HashMap::new(), Vec::new());
        for parent in node.depends_on.iter().filter_map(|id| graph.index(id)) {
            let columns = self.columns(parent).or_else(|| declared(graph.node(parent)))?;
            let name = cte_name(graph.node(parent));
            ctes.push((format!("__dbt__cte__{name}"), fixture::select(&[], &columns, self.run.session.shared.dialect)));
            inputs.insert(parent, name);
        }
        let unit = UnitScope::new(inputs, None, self.test.overrides.as_ref());
        let sql = self.run.renderer.for_unit_test(index, self.scope(index, unit)).ok()?;
        let sql = karat_sql::ctes::inject_ctes(statement(&sql), &ctes);
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.describe(&sql).ok()
    }

    /// Columns that only the fixture and the documentation know.
    fn guessed(&self, index: usize, rows: &[Row], format: Format) -> Vec<Typed> {
        let dialect = self.run.session.shared.dialect;
        let node = self.run.session.graph.node(index);
        let mut names = fixture::names(rows, dialect);
        for name in node.columns.keys() {
            if !names.iter().any(|n| dialect.same_name(n, name)) {
                names.push(name.clone());
            }
        }
        let kind = |name: &str| {
            let declared = node.columns.values().find(|c| dialect.same_name(&c.name, name));
            let declared = declared.and_then(|c| c.data_type.clone());
            let guess =
                || fixture::inferred(rows, name, format).map(|kind| self.run.adapter.seed_type(kind).to_owned());
            declared.or_else(guess).unwrap_or_default()
        };
        names.iter().map(|name| Column::new(name.clone(), kind(name))).collect()
    }

    /// Every column of a fixture has to be one of these.
    fn check(&self, fixture: &Fixture, columns: &[Column], owner: &str) -> Made<()> {
        let dialect = self.run.session.shared.dialect;
        let known = |name: &str| columns.iter().any(|column| dialect.same_name(&column.name, name));
        let Some((name, span)) = fixture.columns.iter().find(|(name, _)| !known(name)) else { return Ok(()) };
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        Err(Box::new(
            Diagnostic::error("unit-test-column", format!("{owner} no column `{name}`"))
                .at(*span, format!("in the unit test `{}`", self.node.name))
                .hint(
                    did_you_mean(name, names.iter().copied()).unwrap_or_else(|| format!("it has {}", names.join(", "))),
                ),
        ))
    }

    /// How what the model gives differs from what was expected.
    fn compare(&mut self, sql: &str) -> Made<Option<diff::Diff>> {
        let dialect = self.run.session.shared.dialect;
        let actual = self.describe(sql)?;
        let expect = &self.test.expect;
        self.check(expect, &actual, &format!("`{}` has", self.test.model))?;
        let mut columns = actual.clone();
        let expected = match &expect.rows {
            Rows::Sql(query) => Some(self.checked(statement(query).to_owned(), expect)?),
            Rows::Table(rows) if rows.is_empty() => None,
            Rows::Seed => None,
            Rows::Table(rows) => {
                let names = fixture::names(rows, dialect);
                let typed = |name: &String| actual.iter().find(|c| dialect.same_name(&c.name, name)).cloned();
                columns = names.iter().filter_map(typed).collect();
                Some(fixture::select(rows, &columns, dialect))
            }
        };
        let names: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
        let side = |query: &str, side: &str| {
            let list = dialect.list(&names);
            let mark = format!("{} as {}", dialect.literal(side), dialect.quote("actual_or_expected"));
            format!("select {list}, {mark}\nfrom (\n{query}\n) as {side}_rows")
        };
        let mut query = side(sql, "actual");
        if let Some(expected) = expected {
            query += &format!("\nunion all\n{}", side(&expected, "expected"));
        }
        self.run.write(&self.run.path(run_path(self.node, "")), &query);
        let found = {
            let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection.query(&query)
        };
        let table = found.map_err(|e| self.locate(trace::engine_error(self.node, &e, &query, "", &[])))?;
        let (actual, expected) = sides(table);
        Ok(diff::compare(&names, actual, expected))
    }

    fn describe(&self, sql: &str) -> Made<Vec<Column>> {
        let found = self.connection.lock().unwrap_or_else(PoisonError::into_inner).describe(sql);
        found.map_err(|error| {
            let graph = &self.run.session.graph;
            let model = self.node.depends_on.first().and_then(|id| graph.get(id)).unwrap_or(self.node);
            let problem = trace::engine_error(model, &error, sql, "", &[]);
            let problem = self.unsure.iter().fold(problem, |problem, input| {
                problem
                    .note(format!("{input} is not there: it has the columns that its fixture and its description name"))
            });
            self.locate(problem)
        })
    }
}

/// The rows of both sides, without the column that tells them apart.
fn sides(table: Table) -> (diff::Rows, diff::Rows) {
    let (mut actual, mut expected) = (Vec::new(), Vec::new());
    for mut row in table.rows {
        match row.pop().as_ref().and_then(karat_adapters::Cell::as_str) {
            Some("actual") => actual.push(row),
            _ => expected.push(row),
        }
    }
    (actual, expected)
}

/// The columns that a properties file declares, if it tells the type of each.
fn declared(node: &Node) -> Option<Vec<Column>> {
    let columns: Option<Vec<Column>> =
        node.columns.values().map(|c| Some(Column::new(c.name.clone(), c.data_type.clone()?))).collect();
    columns.filter(|columns| !columns.is_empty())
}

/// What the CTE is called that stands for a node.
fn cte_name(node: &Node) -> String {
    match node.source_table() {
        Some(table) => format!("{}__{}", table.source_name, node.name),
        None => node.alias.clone(),
    }
}

/// SQL without the `;` that people put at its end.
fn statement(sql: &str) -> &str {
    sql.trim_end().trim_end_matches(';').trim_end()
}
