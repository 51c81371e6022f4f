//! When a source table was last loaded: what the macros `collect_freshness` and its sibling answer.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::graph::Graph;
use crate::jinja::adapter::response::recorded;
use crate::jinja::agate::Agate;
use crate::jinja::functions::source_relation;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::shared::{Shared, SharedConnection};

/// What a macro answered.
pub struct Answer {
    /// When the newest row came.
    pub loaded_at: Timestamp,
    /// What time it was.
    pub looked_at: Timestamp,
    /// When the newest row came, as the warehouse has it; `None` where there is no row.
    pub newest: Option<String>,
    /// What the warehouse said besides.
    pub response: Map<String, Json>,
}

/// Asks when the source table at a position of the graph was last loaded.
///
/// # Errors
/// Nothing tells it, the macro or the query failed, or its answer is no moment.
pub fn collect(
    shared: &Arc<Shared>,
    graph: &Arc<Graph>,
    index: usize,
    connection: &SharedConnection,
) -> Result<Answer, Diagnostic> {
    let node = graph.node(index);
    let scope = |owner| Scope::execute(shared.clone(), node.package.clone(), owner, Some(connection.clone()));
    let engine = shared.macros.engine();
    let failed = |error| diagnose(&error, None, &shared.macros);
    let Some(source) = node.source_table() else { return Err(nothing_tells(&node.name)) };
    let relation = source_relation(&Arc::new(scope(Owner::None)), node);
    let text = |text: Option<&str>| text.map_or(Value::from(()), Value::from);
    let (name, args) = if let Some(query) = &source.loaded_at_query {
        let mut scope = scope(Owner::Node(graph.clone(), index));
        scope.extra = HashMap::from([("this".to_owned(), relation.clone())]);
        let sql = engine.render("<loaded_at_query>", query, Value::from_dyn_object(Arc::new(scope))).map_err(failed)?;
        ("collect_freshness_custom_sql", vec![relation, Value::from(sql)])
    } else if let Some(field) = &source.loaded_at_field {
        let filter = source.freshness.as_ref().and_then(|f| f.filter.as_deref());
        ("collect_freshness", vec![relation, text(Some(field)), text(filter)])
    } else {
        return Err(nothing_tells(&node.display_name()));
    };
    let Some(info) = shared.macros.find(&shared.settings.name, name) else {
        return Err(Diagnostic::error("unknown-macro", format!("there is no macro `{name}`")));
    };
    let context = Value::from_dyn_object(Arc::new(scope(Owner::None)));
    let answer = engine.call_macro(&info.unique_id, context, &args, &[]).map_err(|error| match failed(error) {
        // The SQL is of a macro that comes with karat, what is wrong is what it was made of.
        problem if problem.code == "engine-error" => Diagnostic { labels: Vec::new(), ..problem },
        problem => problem,
    })?;
    read(name, &answer)
}

fn nothing_tells(name: &str) -> Diagnostic {
    Diagnostic::error("no-freshness", format!("nothing tells when {name} was loaded"))
        .hint("name the column that tells it: `loaded_at_field`, or a query: `loaded_at_query`")
}

/// The answer is one row: when the newest row came, and what time it is.
fn read(name: &str, answer: &Value) -> Result<Answer, Diagnostic> {
    let part = |key: &str| answer.get_attr(key).ok().filter(|part| !part.is_undefined());
    let rows = |value: &Value| value.downcast_object_ref::<Agate>().and_then(|_| values(value));
    let table = rows(answer).or_else(|| rows(&part("table")?));
    let row = table.filter(|rows| rows.len() == 1).and_then(|rows| values(&rows[0]));
    let Some([loaded_at, looked_at]) = row.as_deref() else {
        let message = format!("`{name}` has to answer with one row: when the newest row came, and what time it is");
        return Err(Diagnostic::error("no-freshness", message));
    };
    let response = part("response").map_or_else(Map::new, |response| recorded(&response));
    Ok(Answer {
        loaded_at: match loaded_at.is_none() {
            true => utc(date(1, 1, 1).at(0, 0, 0, 0)).ok_or_else(|| no_moment(loaded_at))?,
            false => moment(loaded_at)?,
        },
        looked_at: moment(looked_at)?,
        newest: (!loaded_at.is_none()).then(|| karat_jinja::py_str(loaded_at)),
        response,
    })
}

fn values(value: &Value) -> Option<Vec<Value>> {
    value.try_iter().ok().map(Iterator::collect)
}

/// A timestamp; one without a zone is in UTC.
fn moment(value: &Value) -> Result<Timestamp, Diagnostic> {
    let text = karat_jinja::py_str(value);
    // A text is no timestamp, whatever it looks like; a date has no time.
    let moment = match value.as_str().is_none() && text.contains(':') {
        true => text.parse().ok().or_else(|| utc(text.parse().ok()?)),
        false => None,
    };
    moment.ok_or_else(|| no_moment(value))
}

fn utc(civil: DateTime) -> Option<Timestamp> {
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn no_moment(value: &Value) -> Diagnostic {
    Diagnostic::error("no-freshness", format!("`{}` is no timestamp", karat_jinja::py_str(value)))
        .hint("cast what tells it: `loaded_at_field: loaded_on::timestamp`")
}
