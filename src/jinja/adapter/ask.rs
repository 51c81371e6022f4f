//! Questions to the warehouse, and SQL for it.

use std::sync::{Arc, PoisonError};

use karat_adapters::{AdapterError, Column, Connection, RelationInfo, RelationName, SchemaName};
use minijinja::value::{Kwargs, from_args};
use minijinja::{Error, ErrorKind, Value};

use super::response::Response;
use super::transaction::begin;
use crate::diagnostic::Diagnostic;
use crate::jinja::agate::Agate;
use crate::jinja::column::ColumnObject;
use crate::jinja::error::{needs_connection, problem};
use crate::jinja::relation::Relation;
use crate::jinja::scope::Scope;
use crate::jinja::{args, asked};

/// Uses the connection of this render.
pub(super) fn with<T>(
    scope: &Scope,
    ask: impl FnOnce(&mut dyn Connection) -> Result<T, AdapterError>,
    sql: Option<&str>,
) -> Result<T, Error> {
    let Some(connection) = &scope.connection else { return Err(needs_connection()) };
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    ask(connection.as_mut()).map_err(|e| {
        if let Some(transaction) = &scope.transaction {
            transaction.failed(&e, sql.unwrap_or_default());
        }
        let diagnostic = Diagnostic::error("engine-error", e.message.clone()).maybe_hint(e.hint.clone());
        problem(match sql {
            Some(sql) => diagnostic.note(format!("in this statement of the template: {}", sql.trim())),
            None => diagnostic,
        })
    })
}

pub(super) fn execute(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (sql, rest) = args::first_text(args, "the SQL")?;
    let fetch = args::option(rest, 1, "fetch").is_some_and(|v| v.is_true());
    if args::option(rest, 0, "auto_begin").is_some_and(|v| v.is_true()) {
        begin(scope)?;
    }
    scope.said().statements.push(sql.clone());
    if fetch {
        let limit = args::option(rest, 2, "limit").and_then(|v| usize::try_from(v).ok());
        let table = with(scope, |c| c.query_limited(&sql, limit), Some(&sql))?;
        let response = Value::from_object(Response::new("OK".to_owned(), None));
        return Ok(karat_jinja::tuple(vec![response, Agate::of(&table, &scope.shared)]));
    }
    let stats = with(scope, |c| c.execute(&sql), Some(&sql))?;
    let empty = Agate::of(&karat_adapters::Table::default(), &scope.shared);
    Ok(karat_jinja::tuple(vec![Value::from_object(Response::new(stats.message, stats.rows_affected)), empty]))
}

pub(super) fn get_relation(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (positional, kwargs): (&[Value], Kwargs) = from_args(args)?;
    let part = |index: usize, key: &str| -> Result<Option<String>, Error> {
        let value = positional.get(index).cloned().or(kwargs.get(key)?);
        Ok(value.and_then(|v| v.as_str().map(str::to_owned)))
    };
    let name = RelationName {
        database: part(0, "database")?.or_else(|| Some(scope.shared.target.database.clone())),
        schema: part(1, "schema")?,
        identifier: part(2, "identifier")?.unwrap_or_default(),
    };
    find(scope, &name)
}

pub(super) fn already_exists(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (schema, rest) = args::first_text(args, "the schema")?;
    let (identifier, _) = args::first_text(rest, "the name of the relation")?;
    let database = Some(scope.shared.target.database.clone());
    if scope.connection.is_none() {
        return Err(needs_connection());
    }
    is_there(scope, &RelationName { database, schema: Some(schema), identifier }).map(Value::from)
}

/// `load_relation(relation)`: the relation if it is there, none otherwise.
///
/// # Errors
/// There is no connection to ask, or the engine failed.
pub fn load_relation(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let relation = args.first().and_then(Relation::from_value);
    match relation {
        Some(relation) if scope.execute => find(scope, &relation.name),
        _ => Ok(Value::from(())),
    }
}

/// The relation of this name. A render ahead of the run has no connection, and what the catalog says then is not what
/// it says when the node's turn comes.
pub(super) fn find(scope: &Arc<Scope>, name: &RelationName) -> Result<Value, Error> {
    if scope.connection.is_none() {
        return Err(needs_connection());
    }
    let found = catalogued(scope, name)?;
    Ok(found.map_or(Value::from(()), |info| scope.shared.relation(info.name, Some(info.kind)).value()))
}

/// Whether the warehouse holds a relation of this name.
///
/// # Errors
/// There is no connection to ask, or the engine failed.
pub fn is_there(scope: &Arc<Scope>, name: &RelationName) -> Result<bool, Error> {
    catalogued(scope, name).map(|found| found.is_some())
}

fn catalogued(scope: &Arc<Scope>, name: &RelationName) -> Result<Option<RelationInfo>, Error> {
    let known = scope.shared.catalog.read().ok().and_then(|c| c.knows(name).then(|| c.get(name).cloned()));
    if let Some(found) = known {
        return Ok(found);
    }
    let schema = SchemaName { database: name.database.clone(), schema: name.schema.clone().unwrap_or_default() };
    begin(scope)?;
    let relations = relations(scope, std::slice::from_ref(&schema))?;
    let mut catalog = scope.shared.catalog.write().unwrap_or_else(PoisonError::into_inner);
    catalog.add(&[schema], relations);
    Ok(catalog.get(name).cloned())
}

/// What is in these schemas, as the warehouse says, or a macro of the project's own.
fn relations(scope: &Arc<Scope>, schemas: &[SchemaName]) -> Result<Vec<RelationInfo>, Error> {
    let own = scope.connection.as_ref().and_then(|c| asked::relations(&scope.shared, c, schemas));
    match own {
        Some(found) => found.map_err(problem),
        None => with(scope, |c| c.relations(schemas), None),
    }
}

/// What the project's own macro of this name answers, if it has one.
fn own_answer(scope: &Scope, name: &str, args: &[Value]) -> Option<Result<Value, Error>> {
    let answer = asked::answer(&scope.shared, scope.connection.as_ref()?, name, args)?;
    Some(answer.map_err(problem))
}

pub(super) fn relation_arg(args: &[Value]) -> Result<Arc<Relation>, Error> {
    args.first().and_then(Relation::from_value).ok_or_else(|| {
        Error::new(ErrorKind::InvalidOperation, "this takes a relation, such as `this` or `ref('orders')`")
    })
}

pub(super) fn column_values(scope: &Scope, relation: &Relation) -> Result<Vec<Value>, Error> {
    begin(scope)?;
    if let Some(own) = own_answer(scope, "get_columns_in_relation", &[relation.clone().value()]) {
        return Ok(own?.try_iter()?.collect());
    }
    Ok(described(scope, relation)?
        .into_iter()
        .map(|c| ColumnObject::new(c.name, c.data_type, scope.shared.dialect).value())
        .collect())
}

/// The columns of a relation, as the engine knows them.
pub(super) fn described(scope: &Scope, relation: &Relation) -> Result<Vec<Column>, Error> {
    match &relation.rendered {
        Some(text) => {
            let sql = format!("select * from {text}");
            with(scope, |c| c.describe(&sql), Some(&sql))
        }
        None => with(scope, |c| c.columns(&relation.name), None),
    }
}

pub(super) fn columns(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    Ok(karat_jinja::list(column_values(scope, &relation)?))
}

pub(super) fn columns_in_table(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (schema, rest) = args::first_text(args, "the schema")?;
    let (identifier, _) = args::first_text(rest, "the name of the table")?;
    let name = RelationName { database: None, schema: Some(schema), identifier };
    Ok(karat_jinja::list(column_values(scope, &scope.shared.relation(name, None))?))
}

pub(super) fn columns_of_query(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (sql, _) = args::first_text(args, "the SQL")?;
    let found = with(scope, |c| c.describe(&sql), Some(&sql))?;
    let column = |c: Column| ColumnObject::new(c.name, c.data_type, scope.shared.dialect).value();
    Ok(karat_jinja::list(found.into_iter().map(column).collect()))
}

pub(super) fn missing_columns(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (from, to) = match args {
        [from, to] => (Relation::from_value(from), Relation::from_value(to)),
        _ => (None, None),
    };
    let (Some(from), Some(to)) = (from, to) else {
        return Err(Error::new(ErrorKind::InvalidOperation, "get_missing_columns takes two relations"));
    };
    let name = |v: &Value| v.get_attr("name").map(|n| n.to_string().to_lowercase()).unwrap_or_default();
    let there: Vec<String> = column_values(scope, &to)?.iter().map(name).collect();
    Ok(karat_jinja::list(column_values(scope, &from)?.into_iter().filter(|c| !there.contains(&name(c))).collect()))
}

pub(super) fn schema_exists(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (positional, kwargs): (&[Value], Kwargs) = from_args(args)?;
    let text = |index: usize, key: &str| -> Result<Option<String>, Error> {
        Ok(positional.get(index).cloned().or(kwargs.get(key)?).and_then(|v| v.as_str().map(str::to_owned)))
    };
    let database = text(0, "database")?;
    let schema = text(1, "schema")?.unwrap_or_default();
    let name = RelationName { database: database.clone(), schema: None, identifier: String::new() };
    let information = Relation::new(name, None, scope.shared.dialect).information_schema(None).value();
    if let Some(own) = own_answer(scope, "check_schema_exists", &[information, Value::from(schema.as_str())]) {
        let count = own?.get_item(&Value::from(0))?.get_item(&Value::from(0))?;
        return Ok(Value::from(count.is_true()));
    }
    let found = with(scope, |c| c.schemas(database.as_deref()), None)?;
    Ok(Value::from(found.iter().any(|s| s.eq_ignore_ascii_case(&schema))))
}

pub(super) fn list_relations(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    let schema = SchemaName {
        database: relation.name.database.clone(),
        schema: relation.name.schema.clone().unwrap_or_default(),
    };
    begin(scope)?;
    let found = relations(scope, &[schema])?;
    let values = found.into_iter().map(|r| scope.shared.relation(r.name, Some(r.kind)).value());
    Ok(karat_jinja::list(values.collect()))
}
