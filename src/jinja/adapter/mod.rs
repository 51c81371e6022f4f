//! `adapter.…` and `api.…`: what templates ask the warehouse, and `dispatch`.

mod api;
mod ask;
mod behavior;
mod change;
mod dispatch;
mod files;
mod indexes;
mod plain;
pub mod response;
mod seeds;
mod snapshot;
mod transaction;

use std::sync::Arc;

use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};

pub use self::api::api;
pub use self::ask::{is_there, load_relation};
pub use self::plain::runtime_config;
pub use self::response::Response;
use crate::jinja::column::ColumnClass;
use crate::jinja::relation::RelationClass;
use crate::jinja::scope::Scope;

/// `adapter`.
#[derive(Debug)]
pub struct AdapterObject(pub Arc<Scope>);

impl Object for AdapterObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "behavior" => Value::from_object(behavior::Behavior(self.0.clone())),
            "config" => plain::runtime_config(&self.0),
            "Relation" => Value::from_object(RelationClass(self.0.clone())),
            "Column" => Value::from_object(ColumnClass(self.0.clone())),
            _ => return None,
        })
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let scope = &self.0;
        if let Some(known) = plain::call(scope, method, args).or_else(|| files::call(scope, method, args)) {
            return known;
        }
        match method {
            "dispatch" => dispatch::dispatch(scope, args),
            "get_incremental_strategy_macro" => dispatch::incremental_strategy(scope, args),
            _ if !scope.execute => Ok(while_parsing(method)),
            "get_relation" | "load_relation" => ask::get_relation(scope, args),
            "already_exists" => ask::already_exists(scope, args),
            "get_columns_in_relation" => ask::columns(scope, args),
            "get_columns_in_table" => ask::columns_in_table(scope, args),
            "get_column_schema_from_query" => ask::columns_of_query(scope, args),
            "get_missing_columns" => ask::missing_columns(scope, args),
            "check_schema_exists" => ask::schema_exists(scope, args),
            "list_relations_without_caching" | "list_relations" => ask::list_relations(scope, args),
            "location_exists" => files::location_exists(scope, args),
            "execute" => ask::execute(scope, args),
            "create_schema" | "drop_schema" | "drop_relation" | "rename_relation" | "truncate_relation" => {
                change::change(scope, state, method, args)
            }
            "expand_target_column_types" => change::widen(scope, state, args),
            "add_query" => seeds::add_query(scope, args),
            "convert_type" => seeds::convert_type(scope, args),
            "parse_index" => indexes::parse_index(args),
            "commit" => transaction::commit(scope),
            "get_hard_deletes_behavior" => snapshot::hard_deletes(scope),
            "assert_valid_snapshot_target_given_strategy" | "valid_snapshot_target" => {
                snapshot::check_target(scope, args)
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("adapter has no method `{method}`"))),
        }
    }
}

/// What a question to the warehouse answers while the project is only being read.
fn while_parsing(method: &str) -> Value {
    match method {
        "get_columns_in_relation"
        | "get_columns_in_table"
        | "get_missing_columns"
        | "get_column_schema_from_query"
        | "list_relations_without_caching"
        | "list_relations" => karat_jinja::list(Vec::new()),
        "check_schema_exists" | "already_exists" | "location_exists" => Value::from(false),
        "execute" => karat_jinja::tuple(vec![Value::from(()), Value::from(())]),
        _ => Value::from(()),
    }
}
