//! `adapter.…` and `api.…`: what templates ask the warehouse, and `dispatch`.

use std::sync::{Arc, PoisonError};

use karat_adapters::{AdapterError, Connection, RelationName, SchemaName};
use minijinja::value::{Kwargs, Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::agate::AgateTable;
use crate::jinja::args;
use crate::jinja::error::{needs_connection, problem};
use crate::jinja::macros::BUILTIN_PACKAGE;
use crate::jinja::relation::{ColumnObject, Relation, kind_from};
use crate::jinja::scope::Scope;

/// `adapter`.
#[derive(Debug)]
pub struct AdapterObject(pub Arc<Scope>);

impl Object for AdapterObject {
    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let scope = &self.0;
        match method {
            "dispatch" => dispatch(scope, args),
            "type" => Ok(Value::from(scope.shared.target.kind.as_str())),
            "quote" => {
                let (name,): (String,) = from_args(args)?;
                Ok(Value::from(scope.shared.dialect.quote(&name)))
            }
            "quote_as_configured" => {
                let (name, _) = args::first_text(args, "the name")?;
                Ok(Value::from(scope.shared.dialect.quote(&name)))
            }
            _ if !scope.execute => Ok(while_parsing(method)),
            "get_relation" | "load_relation" => get_relation(scope, args),
            "get_columns_in_relation" => columns(scope, args),
            "get_missing_columns" => missing_columns(scope, args),
            "check_schema_exists" => schema_exists(scope, args),
            "list_relations_without_caching" => list_relations(scope, args),
            "execute" => execute(scope, args),
            "create_schema" | "drop_schema" | "drop_relation" | "rename_relation" | "truncate_relation" => {
                change(scope, method, args)
            }
            "commit" | "add_query" | "cache_added" | "cache_dropped" | "expand_target_column_types" => {
                Ok(Value::from(()))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("adapter has no method `{method}`"))),
        }
    }
}

/// What a question to the warehouse answers while the project is only being read.
fn while_parsing(method: &str) -> Value {
    match method {
        "get_columns_in_relation" | "get_missing_columns" | "list_relations_without_caching" => {
            karat_jinja::list(Vec::new())
        }
        "check_schema_exists" => Value::from(false),
        "execute" => karat_jinja::tuple(vec![Value::from(()), Value::from(())]),
        _ => Value::from(()),
    }
}

/// `adapter.dispatch('name', 'package')`: the macro for this engine, or the default
/// (`docs.getdbt.com/reference/dbt-jinja-functions/dispatch`).
fn dispatch(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the macro")?;
    let namespace = args::option(rest, 0, "macro_namespace").and_then(|v| v.as_str().map(str::to_owned));
    let macros = &scope.shared.macros;
    let packages: Vec<String> = match &namespace {
        Some(space) => match scope.shared.settings.dispatch.get(space) {
            Some(order) => order.clone(),
            None => vec![scope.shared.settings.name.clone(), space.clone()],
        },
        None => vec![scope.package.to_string(), scope.shared.settings.name.clone(), BUILTIN_PACKAGE.to_owned()],
    };
    let kind = scope.shared.target.kind.as_str();
    let mut tried = Vec::new();
    for package in &packages {
        for prefix in [kind, "default"] {
            let wanted = format!("{prefix}__{name}");
            if let Some(info) = macros.in_package(package, &wanted) {
                scope.said().macros.insert(info.unique_id.clone());
                return Ok(macros.value(info));
            }
            let looked = format!("`{package}.{wanted}`");
            if !tried.contains(&looked) {
                tried.push(looked);
            }
        }
    }
    Err(problem(
        Diagnostic::error("unknown-macro", format!("no macro `{name}` was found to dispatch to"))
            .note(format!("looked for {}", tried.join(", ")))
            .hint(format!("define `{kind}__{name}` or `default__{name}`"))
            .maybe_hint(did_you_mean(&format!("default__{name}"), macros.names())),
    ))
}

/// Uses the connection of this render.
fn with<T>(
    scope: &Scope,
    ask: impl FnOnce(&mut dyn Connection) -> Result<T, AdapterError>,
    sql: Option<&str>,
) -> Result<T, Error> {
    let Some(connection) = &scope.connection else { return Err(needs_connection()) };
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    ask(connection.as_mut()).map_err(|e| {
        let diagnostic = Diagnostic::error("engine-error", e.message.clone()).maybe_hint(e.hint.clone());
        problem(match sql {
            Some(sql) => diagnostic.note(format!("in this statement of the template: {}", sql.trim())),
            None => diagnostic,
        })
    })
}

fn execute(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (sql, rest) = args::first_text(args, "the SQL")?;
    let fetch = args::option(rest, 1, "fetch").is_some_and(|v| v.is_true());
    scope.said().statements.push(sql.clone());
    if fetch {
        let table = with(scope, |c| c.query(&sql), Some(&sql))?;
        let rows = table.rows.len();
        let response = response("SELECT", Some(rows as u64));
        return Ok(karat_jinja::tuple(vec![response, Value::from_object(AgateTable(Arc::new(table)))]));
    }
    let stats = with(scope, |c| c.execute(&sql), Some(&sql))?;
    let empty = Value::from_object(AgateTable(Arc::new(karat_adapters::Table::default())));
    Ok(karat_jinja::tuple(vec![response(&stats.message, stats.rows_affected), empty]))
}

fn response(message: &str, rows: Option<u64>) -> Value {
    karat_jinja::dict([
        ("_message", Value::from(message)),
        ("code", Value::from(message)),
        ("rows_affected", rows.map_or(Value::from(()), Value::from)),
    ])
}

fn get_relation(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
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

fn find(scope: &Arc<Scope>, name: &RelationName) -> Result<Value, Error> {
    let known = scope.shared.catalog.read().ok().and_then(|c| c.knows(name).then(|| c.get(name).cloned()));
    let found = match known {
        Some(found) => found,
        None => {
            let schema =
                SchemaName { database: name.database.clone(), schema: name.schema.clone().unwrap_or_default() };
            let relations = with(scope, |c| c.relations(std::slice::from_ref(&schema)), None)?;
            let mut catalog = scope.shared.catalog.write().unwrap_or_else(PoisonError::into_inner);
            catalog.add(&[schema], relations);
            catalog.get(name).cloned()
        }
    };
    Ok(found.map_or(Value::from(()), |info| scope.shared.relation(info.name, Some(info.kind)).value()))
}

fn relation_arg(args: &[Value]) -> Result<Arc<Relation>, Error> {
    args.first().and_then(Relation::from_value).ok_or_else(|| {
        Error::new(ErrorKind::InvalidOperation, "this takes a relation, such as `this` or `ref('orders')`")
    })
}

fn column_values(scope: &Scope, relation: &Relation) -> Result<Vec<Value>, Error> {
    let found = match &relation.rendered {
        Some(text) => {
            let sql = format!("select * from {text}");
            with(scope, |c| c.describe(&sql), Some(&sql))?
        }
        None => with(scope, |c| c.columns(&relation.name), None)?,
    };
    Ok(found
        .into_iter()
        .map(|c| {
            let quoted = scope.shared.dialect.quote(&c.name);
            Value::from_object(ColumnObject { name: c.name, data_type: c.data_type, quoted })
        })
        .collect())
}

fn columns(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    Ok(karat_jinja::list(column_values(scope, &relation)?))
}

fn missing_columns(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
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

fn schema_exists(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (positional, kwargs): (&[Value], Kwargs) = from_args(args)?;
    let text = |index: usize, key: &str| -> Result<Option<String>, Error> {
        Ok(positional.get(index).cloned().or(kwargs.get(key)?).and_then(|v| v.as_str().map(str::to_owned)))
    };
    let database = text(0, "database")?;
    let schema = text(1, "schema")?.unwrap_or_default();
    let found = with(scope, |c| c.schemas(database.as_deref()), None)?;
    Ok(Value::from(found.iter().any(|s| s.eq_ignore_ascii_case(&schema))))
}

fn list_relations(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    let schema = SchemaName {
        database: relation.name.database.clone(),
        schema: relation.name.schema.clone().unwrap_or_default(),
    };
    let found = with(scope, |c| c.relations(&[schema]), None)?;
    let values = found.into_iter().map(|r| scope.shared.relation(r.name, Some(r.kind)).value());
    Ok(karat_jinja::list(values.collect()))
}

fn change(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Result<Value, Error> {
    let relation = relation_arg(args)?;
    let dialect = scope.shared.dialect;
    let database = relation.name.database.as_deref();
    let schema = relation.name.schema.as_deref().unwrap_or_default();
    let sql = match method {
        "create_schema" => dialect.create_schema(database, schema),
        "drop_schema" => dialect.drop_schema(database, schema),
        "drop_relation" => dialect.drop_relation(&relation.to_name(), relation.sql_kind()),
        "truncate_relation" => format!("truncate table {}", relation.sql()),
        _ => {
            let to = args.get(1).and_then(Relation::from_value).map(|r| r.name.identifier.clone()).unwrap_or_default();
            dialect.rename(&relation.to_name(), relation.sql_kind(), &to)
        }
    };
    with(scope, |c| c.execute(&sql), Some(&sql))?;
    if method == "drop_relation" {
        scope.shared.catalog.write().unwrap_or_else(PoisonError::into_inner).set(&relation.name, None);
    }
    Ok(Value::from(()))
}

/// `api.Relation`, `api.Column`.
#[derive(Debug)]
pub struct Api(pub Arc<Scope>);

impl Object for Api {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let class = match key.as_str()? {
            "Relation" => Class::Relation,
            "Column" => Class::Column,
            _ => return None,
        };
        Some(Value::from_object(ApiClass(self.0.clone(), class)))
    }
}

#[derive(Debug, Clone, Copy)]
enum Class {
    Relation,
    Column,
}

#[derive(Debug)]
struct ApiClass(Arc<Scope>, Class);

impl ApiClass {
    fn relation(&self, args: &[Value]) -> Result<Value, Error> {
        let (positional, kwargs): (&[Value], Kwargs) = from_args(args)?;
        let part = |index: usize, key: &str| -> Result<Option<String>, Error> {
            let value = positional.get(index).cloned().or(kwargs.get(key)?);
            Ok(value.and_then(|v| v.as_str().map(str::to_owned)))
        };
        let name = RelationName {
            database: part(0, "database")?,
            schema: part(1, "schema")?,
            identifier: part(2, "identifier")?.unwrap_or_default(),
        };
        let kind = part(3, "type")?.as_deref().and_then(kind_from);
        Ok(Relation::new(name, kind, self.0.shared.dialect).value())
    }

    fn column(&self, args: &[Value]) -> Result<Value, Error> {
        let (positional, kwargs): (&[Value], Kwargs) = from_args(args)?;
        let text = |index: usize, key: &str| -> Result<String, Error> {
            let value = positional.get(index).cloned().or(kwargs.get(key)?);
            Ok(value.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default())
        };
        let name = text(0, "column")?;
        let quoted = self.0.shared.dialect.quote(&name);
        Ok(Value::from_object(ColumnObject { data_type: text(1, "dtype")?, name, quoted }))
    }
}

impl Object for ApiClass {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        match self.1 {
            Class::Relation => self.relation(args),
            Class::Column => self.column(args),
        }
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match (self.1, method) {
            (Class::Relation, "create") => self.relation(args),
            (Class::Column, "create") => self.column(args),
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("there is no method `{method}` here"))),
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        // `api.Relation.Table`, `.View`, `.CTE`: the names of kinds.
        match (self.1, key.as_str()?) {
            (Class::Relation, "Table") => Some(Value::from("table")),
            (Class::Relation, "View") => Some(Value::from("view")),
            (Class::Relation, "External") => Some(Value::from("external")),
            _ => None,
        }
    }
}
