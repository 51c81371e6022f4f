//! `ref` and `source`.

use std::fmt;
use std::sync::Arc;

use karat_adapters::RelationName;
use minijinja::value::{Kwargs, Object, ObjectRepr, from_args};
use minijinja::{Error, State, Value};

use super::Function;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::adapter::{is_there, runtime_config};
use crate::jinja::error::problem;
use crate::jinja::relation::{PartRead, Relation};
use crate::jinja::scope::{Owner, Scope};
use crate::node::{Node, Ref, ResourceType};

/// `ref` and `source`. They know the settings of the project, which some packages ask for: `builtins.ref.config`.
pub(super) struct Reference {
    pub scope: Arc<Scope>,
    pub find: Function,
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<ref>")
    }
}

impl Object for Reference {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "config" => Some(runtime_config(&self.scope)),
            "current_project" => Some(Value::from(self.scope.shared.settings.name.as_str())),
            _ => None,
        }
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        (self.find)(&self.scope, args)
    }
}

pub(super) fn reference(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (names, kwargs): (&[Value], Kwargs) = from_args(args)?;
    let version: Option<Value> = kwargs.get::<Option<Value>>("version")?.or(kwargs.get("v")?);
    let text = |v: &Value| v.as_str().map(str::to_owned);
    let (package, name) = match names {
        [name] => (None, text(name)),
        [package, name] => (text(package), text(name)),
        _ => (None, None),
    };
    let Some(name) = name else {
        return Err(problem(
            Diagnostic::error("bad-ref", "ref takes the name of a node, or of a package and a node, as texts")
                .hint("write `{{ ref('orders') }}`"),
        ));
    };
    let version = version.filter(|v| !v.is_none()).map(|v| v.to_string());
    let wanted = Ref { package, name, version };
    if !scope.execute {
        scope.said().refs.push(wanted);
        let here = scope.this().map(Relation::of_unknown_kind);
        return Ok(here.map_or_else(|| Value::from("ref"), Relation::value));
    }
    let Some((graph, resolver)) = scope.shared.graph.get() else { return Ok(Value::UNDEFINED) };
    match resolver.find_ref(&wanted, &scope.package) {
        Some(index) if scope.unit.is_some() => fixture(scope, index, &format!("ref('{}')", wanted.name)),
        Some(index) => {
            expected(scope, graph.node(index), &wanted)?;
            scope.said().refs.push(wanted);
            node_relation(scope, graph.node(index), index)
        }
        None => Err(problem(
            Diagnostic::error("unknown-ref", format!("there is no model, seed or snapshot `{}`", wanted.name))
                .maybe_hint(did_you_mean(&wanted.name, resolver.ref_names())),
        )),
    }
}

/// The rows that a unit test gives for a node.
fn fixture(scope: &Arc<Scope>, index: usize, input: &str) -> Result<Value, Error> {
    let given = scope.unit.as_ref().and_then(|unit| unit.inputs.get(&index));
    given.map(|cte| Relation::cte(cte, scope.shared.dialect).value()).ok_or_else(|| {
        problem(
            Diagnostic::error("unit-test-input", format!("the unit test gives nothing for {input}"))
                .hint(format!("add it: `given: [{{input: {input}, rows: []}}]`")),
        )
    })
}

/// What a template reads has to be known before it runs: else it may run first.
fn expected(scope: &Scope, node: &Node, wanted: &Ref) -> Result<(), Error> {
    let Owner::Node(graph, index) = &scope.owner else { return Ok(()) };
    let reader = graph.node(*index);
    if reader.resource_type == ResourceType::Operation || reader.depends_on.contains(&node.unique_id) {
        return Ok(());
    }
    let package = wanted.package.as_deref().map(|p| format!("'{p}', ")).unwrap_or_default();
    let version = wanted.version.as_deref().map(|v| format!(", version={v}")).unwrap_or_default();
    let call = format!("ref({package}'{}'{version})", wanted.name);
    Err(problem(
        Diagnostic::error("hidden-ref", format!("{} reads `{}` only while it runs", reader.label(), wanted.name))
            .note("a `ref` inside of `{% if execute %}`, or one that depends on rows, is not seen when the graph is built")
            .hint(format!("say so at the top of the file: `-- depends_on: {{{{ {call} }}}}`")),
    ))
}

fn node_relation(scope: &Arc<Scope>, node: &Node, index: usize) -> Result<Value, Error> {
    if node.is_ephemeral() {
        scope.said().ephemeral.push(index);
        let mut relation = Relation::cte(&node.alias, scope.shared.dialect);
        relation.part_read = part_read(scope, node);
        return Ok(relation.value());
    }
    let mut relation = scope.shared.relation_of(node);
    if let Some(name) = deferred(scope, node, &relation.name)? {
        relation.name = name;
    }
    relation.part_read = part_read(scope, node);
    Ok(relation.of_unknown_kind().value())
}

/// What the reader takes of an input: hooks of the project and operations take all of it.
fn part_read(scope: &Arc<Scope>, input: &Node) -> PartRead {
    let Some(reader) = scope.owner.node().filter(|n| n.resource_type != ResourceType::Operation) else {
        return PartRead::default();
    };
    let nothing = scope.shared.inputs.empty;
    let knows_time = matches!(reader.resource_type, ResourceType::Model | ResourceType::Snapshot);
    let window = match (&scope.batch, scope.shared.inputs.sample) {
        (Some(batch), Some(sample)) => Some(batch.window.within(sample)),
        (Some(batch), None) => Some(batch.window),
        (None, sample) => sample,
    };
    let time = window.filter(|_| knows_time).and_then(|window| Some((event_time(scope, input)?, window)));
    PartRead { nothing, time }
}

/// The column that tells when a row happened, as SQL has it.
fn event_time(scope: &Arc<Scope>, input: &Node) -> Option<Arc<str>> {
    let name = input.config.str("event_time").filter(|name| !name.is_empty())?;
    let column = input.columns.values().find(|column| column.name == name).and_then(|column| column.quote);
    let of_source = || input.source_table()?.quoting.get("column")?.as_bool();
    match column.or_else(of_source).unwrap_or(false) {
        true => Some(scope.shared.dialect.quote(name).into()),
        false => Some(name.into()),
    }
}

/// The relation of an earlier run that stands for that of a node, if one does (`--defer`).
fn deferred(scope: &Arc<Scope>, node: &Node, name: &RelationName) -> Result<Option<RelationName>, Error> {
    let Some(deferred) = scope.shared.deferred.get().filter(|deferred| deferred.is_read) else { return Ok(None) };
    let Some(other) = deferred.relations.get(&node.unique_id) else { return Ok(None) };
    let selected = deferred.selected.contains(&node.unique_id);
    if selected && deferred.builds {
        return Ok(None);
    }
    let elsewhere = (deferred.favored && !selected) || !is_there(scope, name)?;
    Ok(elsewhere.then(|| other.clone()))
}

pub(super) fn source(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (source, table) = match args {
        [s, t] => (s.as_str(), t.as_str()),
        _ => (None, None),
    };
    let (Some(source), Some(table)) = (source, table) else {
        return Err(problem(
            Diagnostic::error("bad-source", "source takes the name of a source and of one of its tables, as texts")
                .hint("write `{{ source('shop', 'orders') }}`"),
        ));
    };
    scope.said().sources.push((source.to_owned(), table.to_owned()));
    if !scope.execute {
        let here = scope.this().map(Relation::of_unknown_kind);
        return Ok(here.map_or_else(|| Value::from("source"), Relation::value));
    }
    let Some((graph, resolver)) = scope.shared.graph.get() else { return Ok(Value::UNDEFINED) };
    match resolver.find_source(source, table, &scope.package) {
        Some(index) if scope.unit.is_some() => fixture(scope, index, &format!("source('{source}', '{table}')")),
        Some(index) => Ok(source_relation(scope, graph.node(index))),
        None => {
            let wanted = format!("{source}.{table}");
            let names: Vec<String> = resolver.source_names().collect();
            Err(problem(
                Diagnostic::error("unknown-source", format!("there is no source table `{wanted}`"))
                    .maybe_hint(did_you_mean(&wanted, names.iter().map(String::as_str))),
            ))
        }
    }
}

/// The relation of a source table, or what stands for it.
pub fn source_relation(scope: &Arc<Scope>, node: &Node) -> Value {
    let table = node.source_table();
    let identifier = table.map_or_else(|| node.name.clone(), |t| t.identifier.clone());
    let name = RelationName { identifier, ..node.target() };
    // The project's `quoting` is not for sources.
    let mut relation = Relation::new(name, None, scope.shared.dialect);
    if let Some(table) = table {
        relation.quote_as(&table.quoting);
        if let Some(location) = &table.external_location {
            relation = relation.rendered(location.as_str());
        }
    }
    relation.part_read = part_read(scope, node);
    relation.value()
}

/// `metric(name)`, `metric(package, name)`: the metric is read; its name is the text.
pub(super) fn metric(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let names: Vec<String> = args.iter().filter_map(|arg| arg.as_str().map(str::to_owned)).collect();
    match &names[..] {
        [name] | [_, name] if names.len() == args.len() => {
            let text = Value::from(name.as_str());
            scope.said().metrics.push(names);
            Ok(text)
        }
        _ => Err(problem(
            Diagnostic::error("bad-ref", "metric takes the name of a metric, or of a package and a metric, as texts")
                .hint("write `{{ metric('revenue') }}`"),
        )),
    }
}

/// `function(name)`, `function(package, name)`: a function of the project, as SQL names it.
pub(super) fn called(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let names: Vec<String> = args.iter().filter_map(|arg| arg.as_str().map(str::to_owned)).collect();
    if names.len() != args.len() || !matches!(names.len(), 1 | 2) {
        let message = "function takes the name of a function, or of a package and a function, as texts";
        return Err(problem(Diagnostic::error("bad-ref", message).hint("write `{{ function('tax') }}(amount)`")));
    }
    scope.said().functions.push(names.clone());
    if !scope.execute {
        let here = scope.this().map(Relation::of_unknown_kind);
        return Ok(here.map_or_else(|| Value::from("function"), Relation::value));
    }
    let Some((graph, resolver)) = scope.shared.graph.get() else { return Ok(Value::UNDEFINED) };
    match resolver.find_function(&names, &scope.package) {
        Some(index) => Ok(scope.shared.relation_of(graph.node(index)).of_unknown_kind().value()),
        None => {
            let name = names.last().map(String::as_str).unwrap_or_default();
            Err(problem(
                Diagnostic::error("unknown-function", format!("there is no function `{name}`"))
                    .maybe_hint(did_you_mean(name, resolver.function_names())),
            ))
        }
    }
}
