//! `adapter.…` and `api.…`: what templates ask the warehouse, and `dispatch`.

mod api;
mod ask;
mod behavior;
mod change;
mod dispatch;

use std::sync::Arc;

use minijinja::value::{Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};

pub use self::api::api;
pub use self::ask::{is_there, load_relation};
use crate::jinja::args;
use crate::jinja::scope::Scope;

/// `adapter`.
#[derive(Debug)]
pub struct AdapterObject(pub Arc<Scope>);

impl Object for AdapterObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str()? == "behavior").then(|| Value::from_object(behavior::Behavior(self.0.clone())))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let scope = &self.0;
        match method {
            "dispatch" => dispatch::dispatch(scope, args),
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
            "get_relation" | "load_relation" => ask::get_relation(scope, args),
            "get_columns_in_relation" => ask::columns(scope, args),
            "get_missing_columns" => ask::missing_columns(scope, args),
            "check_schema_exists" => ask::schema_exists(scope, args),
            "list_relations_without_caching" => ask::list_relations(scope, args),
            "execute" => ask::execute(scope, args),
            "create_schema" | "drop_schema" | "drop_relation" | "rename_relation" | "truncate_relation" => {
                change::change(scope, method, args)
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
