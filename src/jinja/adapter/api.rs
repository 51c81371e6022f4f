//! `api`: relations and columns made by templates.

use std::sync::Arc;

use karat_adapters::RelationName;
use minijinja::value::{Kwargs, Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

use crate::jinja::args;
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

    /// How the engine calls a type.
    fn type_name(&self, method: &str, args: &[Value]) -> Result<Value, Error> {
        let dialect = self.0.shared.dialect;
        let (name, rest) = args::first(args, "the name or size of the type")?;
        let name = karat_jinja::py_str(name);
        let number = |index, key| args::option(rest, index, key).filter(|v| !v.is_none()).map(|v| v.to_string());
        Ok(Value::from(match method {
            "translate_type" => dialect.translate_type(&name),
            "string_type" => format!("character varying({name})"),
            _ => {
                let size = number(0, "precision").zip(number(1, "scale"));
                dialect.numeric_type(&name, size.as_ref().map(|(p, s)| (p.as_str(), s.as_str())))
            }
        }))
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
            (Class::Column, "translate_type" | "string_type" | "numeric_type") => self.type_name(method, args),
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
