//! `api.Relation`: what makes relations, and the names of their kinds.

use std::fmt;
use std::sync::Arc;

use karat_adapters::RelationName;
use minijinja::value::{Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::{Map, Value as Json};

use super::parts::Parts;
use super::{PARTS, Relation};
use crate::jinja::args;
use crate::jinja::scope::Scope;

/// `api.Relation`
#[derive(Debug)]
pub struct RelationClass(pub Arc<Scope>);

impl RelationClass {
    /// `api.Relation.create(database, schema, identifier, type, quote_policy=…)`
    fn create(&self, args: &[Value]) -> Result<Value, Error> {
        let part = |index: usize, key: &str| {
            args::option(args, index, key).filter(|v| !v.is_none()).map(|v| match v.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err(Error::new(
                    ErrorKind::InvalidOperation,
                    format!("the {key} of a relation must be a text, not {}", v.kind()),
                )),
            })
        };
        let name = RelationName {
            database: part(0, "database").transpose()?,
            schema: part(1, "schema").transpose()?,
            identifier: part(2, "identifier").transpose()?.unwrap_or_default(),
        };
        let mut relation = self.0.shared.relation(name, None);
        relation.set_type(part(3, "type").transpose()?.as_deref());
        relation.set_policies(args);
        Ok(relation.value())
    }
}

/// The words for kinds of relations, by the names that dbt's class has for them.
pub(super) fn kind_word(name: &str) -> Option<&'static str> {
    Some(match name {
        "Table" => "table",
        "View" => "view",
        "CTE" => "cte",
        "Ephemeral" => "ephemeral",
        "External" => "external",
        "MaterializedView" => "materialized_view",
        "PointerTable" => "pointer_table",
        "Function" => "function",
        _ => return None,
    })
}

/// What relations and their class both have.
pub(super) fn common_value(key: &str) -> Option<Value> {
    match key {
        "get_relation_type" => Some(Value::from_object(Kinds)),
        _ => kind_word(key).filter(|word| *word != "ephemeral").map(Value::from),
    }
}

/// What can be called on relations and on their class.
pub(super) fn common_method(method: &str, args: &[Value]) -> Option<Result<Value, Error>> {
    Some(match method {
        "add_ephemeral_prefix" => {
            args::first_text(args, "the name").map(|(name, _)| format!("__dbt__cte__{name}").into())
        }
        "get_default_quote_policy" | "get_default_include_policy" => Ok(Parts::policy([true; 3])),
        "scd_args" => scd_args(args),
        "get_relation_type" => args::first_text(args, "the kind").map(|(kind, _)| Value::from(kind)),
        _ => return None,
    })
}

/// `scd_args(key, updated_at)`: the columns that tell one version of a row from another.
fn scd_args(args: &[Value]) -> Result<Value, Error> {
    let key = args::option(args, 0, "primary_key").unwrap_or_default();
    let mut columns = match key.as_str() {
        Some(_) => vec![key],
        None => key.try_iter()?.collect(),
    };
    columns.extend(args::option(args, 1, "updated_at"));
    Ok(karat_jinja::list(columns))
}

/// `relation.get_relation_type`: the words for kinds, by name.
#[derive(Debug)]
struct Kinds;

impl Object for Kinds {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        kind_word(key.as_str()?).map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        args::first_text(args, "the kind").map(|(kind, _)| Value::from(kind))
    }
}

impl Object for RelationClass {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        common_value(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        if method == "create" {
            return self.create(args);
        }
        common_method(method, args).unwrap_or_else(|| {
            Err(Error::new(ErrorKind::UnknownMethod, format!("api.Relation has no method `{method}`")))
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<class '{}Relation'>", self.0.shared.dialect.title())
    }
}

impl Relation {
    /// `quote_policy` and `include_policy` among keyword arguments: the parts that they name are set.
    pub(super) fn set_policies(&mut self, args: &[Value]) {
        for (key, quote) in [("quote_policy", true), ("include_policy", false)] {
            let Some(Ok(Json::Object(flags))) = args::option(args, usize::MAX, key).map(|v| karat_jinja::to_json(&v))
            else {
                continue;
            };
            self.set_flags(&flags, quote);
        }
    }

    fn set_flags(&mut self, flags: &Map<String, Json>, quote: bool) {
        let own = if quote { &mut self.quote } else { &mut self.include };
        for (index, part) in PARTS.into_iter().enumerate() {
            if let Some(flag) = flags.get(part).and_then(Json::as_bool) {
                own[index] = flag;
            }
        }
    }
}
