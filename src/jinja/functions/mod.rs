//! The functions and values of dbt's context (`docs.getdbt.com/reference/dbt-jinja-functions`), by name.

mod attempt;
mod builtins;
mod config;
mod context;
mod exceptions;
mod graph;
mod refs;
mod render;
mod run;
mod talk;
mod vars;

use std::sync::Arc;

use karat_jinja::from_json;
use minijinja::value::{Rest, ValueOrKwargs};
use minijinja::{Error, Value};
use serde_json::Value as Json;

pub use self::config::ConfigObject;
pub use self::context::Context;
pub use self::refs::source_relation;
pub use self::run::{is_incremental, stores_failures};
pub use self::vars::{VarObject, env_var, metadata_envs};
use crate::jinja::adapter::{AdapterObject, api};
use crate::jinja::args;
use crate::jinja::column::ColumnClass;
use crate::jinja::scope::Scope;

/// The value of a name that is no macro.
pub fn lookup(scope: &Arc<Scope>, name: &str) -> Option<Value> {
    let shared = &scope.shared;
    Some(match name {
        "ref" => Value::from_object(refs::Reference { scope: scope.clone(), find: refs::reference }),
        "source" => Value::from_object(refs::Reference { scope: scope.clone(), find: refs::source }),
        "metric" => function(scope, refs::metric),
        "function" => function(scope, refs::called),
        "config" => Value::from_object(config::ConfigObject(scope.clone())),
        "var" => Value::from_object(vars::VarObject(scope.clone())),
        "env_var" => function(scope, vars::env_var_of),
        "doc" => function(scope, graph::doc),
        "this" => this(scope)?,
        "model" => scope.model().unwrap_or(Value::from(())),
        "execute" => Value::from(scope.execute),
        "target" | "env" => from_json(Json::Object(shared.target.context())),
        "flags" => from_json(Json::Object(shared.flags.clone())),
        "invocation_id" => Value::from(shared.invocation_id.as_str()),
        "run_started_at" => karat_jinja::utc_datetime(shared.started_at),
        "invocation_args_dict" => {
            from_json(Json::Object(shared.flags.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect()))
        }
        "dbt_version" => Value::from(crate::DBT_VERSION),
        "project_name" => Value::from(shared.settings.name.as_str()),
        "schema" => Value::from(scope.owner.node().map_or(&shared.target.schema, |n| &n.schema).as_str()),
        "database" => {
            let own = scope.owner.node().and_then(|n| n.database.as_deref());
            Value::from(own.unwrap_or(&shared.target.database))
        }
        "context" => Value::from_object(context::Context(scope.clone())),
        "thread_id" => Value::from(std::thread::current().name().unwrap_or("Thread-1 (worker)")),
        "sql_now" => Value::from("now()"),
        "validation" => Value::from_object(context::Validation),
        "graph" => graph::graph(scope),
        "selected_resources" => {
            karat_jinja::list(shared.selected.get().into_iter().flatten().map(|s| Value::from(s.as_str())).collect())
        }
        "adapter" => Value::from_object(AdapterObject(scope.clone())),
        "api" => api(scope),
        "column" => Value::from_object(ColumnClass(scope.clone())),
        "exceptions" => Value::from_object(exceptions::Exceptions(scope.clone())),
        "log" => function(scope, talk::log),
        "print" => function(scope, talk::print),
        "is_incremental" => function(scope, |s, _| Ok(Value::from(is_incremental(s)))),
        "should_full_refresh" => function(scope, |s, _| Ok(Value::from(run::should_full_refresh(s)))),
        "should_store_failures" => function(scope, |s, _| Ok(Value::from(run::should_store_failures(s)))),
        "load_relation" | "load_cached_relation" => function(scope, crate::jinja::adapter::load_relation),
        "store_result" => function(scope, run::store_result),
        "store_raw_result" => function(scope, run::store_raw_result),
        "try_or_compiler_error" => Value::from_object(attempt::Attempt),
        "load_result" => function(scope, run::load_result),
        "dbt_metadata_envs" => from_json(Json::Object(metadata_envs())),
        "adapter_macro" => function(scope, context::adapter_macro),
        "builtins" => Value::from_object(builtins::Builtins(scope.clone())),
        "pre_hooks" | "post_hooks" => graph::hooks(scope, name),
        "render" => function(scope, render::render),
        "write" => function(scope, |_, _| Ok(Value::from(""))),
        _ => return None,
    })
}

/// `this`: none where a node has no relation, and undefined where there is no node.
fn this(scope: &Arc<Scope>) -> Option<Value> {
    scope.owner.node()?;
    Some(scope.this().map_or(Value::from(()), |relation| relation.of_unknown_kind().value()))
}

/// What a function of the context does: the scope, the arguments (keyword arguments last).
pub type Function = fn(&Arc<Scope>, &[Value]) -> Result<Value, Error>;

/// A function as a value.
pub fn function(scope: &Arc<Scope>, run: Function) -> Value {
    let scope = scope.clone();
    Value::from_function(move |given: Rest<ValueOrKwargs>| run(&scope, &args::all(given)))
}
