//! `api`: relations and columns made by templates.

use std::sync::Arc;

use karat_adapters::RelationName;
use minijinja::value::{Kwargs, Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use crate::jinja::column::ColumnObject;
use crate::jinja::relation::{Relation, kind_from};
use crate::jinja::scope::Scope;

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
