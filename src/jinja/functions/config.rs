//! `config`: what a template says about its node, and what is said about it.

use std::sync::Arc;

use karat_jinja::{from_json, to_json};
use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::model::config_json;
use crate::jinja::scope::Scope;
use crate::node::{Node, ResourceType};

/// `config(…)`, `config.get(…)`, `config.require(…)`.
#[derive(Debug)]
pub struct ConfigObject(pub(super) Arc<Scope>);

impl ConfigObject {
    fn value(&self, key: &str) -> Option<Value> {
        let node = self.0.owner.node()?;
        let key = match key {
            "pre_hook" => "pre-hook",
            "post_hook" => "post-hook",
            other => other,
        };
        if key == "snapshot_table_column_names" && node.resource_type == ResourceType::Snapshot {
            return Some(from_json(snapshot_columns(node)));
        }
        match config_json(node) {
            Json::Object(mut map) => map.remove(key).map(from_json),
            _ => None,
        }
    }

    fn set(&self, args: &[Value]) -> Result<Value, Error> {
        let mut level = Map::new();
        for arg in args {
            let arg_json = to_json(arg).map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))?;
            match arg_json {
                Json::Object(map) => level.extend(map),
                _ => {
                    return Err(problem(
                        Diagnostic::error("bad-config", "config takes settings by name")
                            .hint("write `{{ config(materialized='table') }}`"),
                    ));
                }
            }
        }
        self.0.said().config.push(level);
        Ok(Value::from(""))
    }
}

impl Object for ConfigObject {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        if self.0.execute {
            return Ok(Value::from(""));
        }
        self.set(args)
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.value(key.as_str()?)
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "set" => Ok(Value::from("")),
            // What is configured is known when the project has been read.
            "get" | "meta_get" | "require" | "meta_require" if !self.0.execute => Ok(Value::from("")),
            "persist_relation_docs" | "persist_column_docs" if !self.0.execute => Ok(Value::from(false)),
            "get" | "meta_get" => {
                let (key, rest) = args::first_text(args, "the name of the setting")?;
                let default = args::option(rest, 0, "default");
                let found = if method == "get" { self.value(&key) } else { self.meta(&key) };
                Ok(found.or(default).unwrap_or(Value::from(())))
            }
            "require" | "meta_require" => {
                let (key, _) = args::first_text(args, "the name of the setting")?;
                let found = if method == "require" { self.value(&key) } else { self.meta(&key) };
                found.ok_or_else(|| {
                    problem(
                        Diagnostic::error("missing-config", format!("the setting `{key}` is required and not set"))
                            .hint(format!("set it in the model: {{{{ config({key}=…) }}}}")),
                    )
                })
            }
            "persist_relation_docs" | "persist_column_docs" => {
                let part = if method == "persist_relation_docs" { "relation" } else { "columns" };
                let on = self.value("persist_docs").and_then(|v| v.get_attr(part).ok()).is_some_and(|v| v.is_true());
                Ok(Value::from(on))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("config has no method `{method}`"))),
        }
    }
}

impl ConfigObject {
    fn meta(&self, key: &str) -> Option<Value> {
        let node = self.0.owner.node()?;
        node.config.get("meta").and_then(|m| m.get(key)).cloned().map(from_json)
    }
}

/// The names of the columns that a snapshot adds, as set in `snapshot_meta_column_names`.
fn snapshot_columns(node: &Node) -> Json {
    let own = node.config.get("snapshot_meta_column_names");
    let name = |key: &str| {
        let set = own.and_then(|names| names.get(key)).and_then(Json::as_str).filter(|name| !name.is_empty());
        (key.to_owned(), Json::from(set.unwrap_or(key)))
    };
    let keys = ["dbt_valid_from", "dbt_valid_to", "dbt_scd_id", "dbt_updated_at", "dbt_is_deleted"];
    Json::Object(keys.into_iter().map(name).collect())
}
