//! `exceptions`: what a template warns of, and what it gives up for.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::scope::Scope;
use crate::warn_errors::{self, Fate};

/// `exceptions.raise_compiler_error(…)` and its siblings.
#[derive(Debug)]
pub(super) struct Exceptions(pub(super) Arc<Scope>);

const NAMES: &[&str] = &[
    "warn",
    "missing_config",
    "missing_materialization",
    "missing_relation",
    "raise_ambiguous_alias",
    "raise_ambiguous_catalog_match",
    "raise_cache_inconsistent",
    "raise_dataclass_not_dict",
    "raise_compiler_error",
    "raise_database_error",
    "raise_dep_not_found",
    "raise_dependency_error",
    "raise_duplicate_patch_name",
    "raise_duplicate_resource_name",
    "raise_invalid_property_yml_version",
    "raise_not_implemented",
    "relation_wrong_type",
    "raise_contract_error",
    "column_type_missing",
    "raise_fail_fast_error",
    "warn_snapshot_timestamp_data_types",
];

impl Exceptions {
    fn warn(&self, name: &str, message: &str) -> Result<Value, Error> {
        match self.0.shared.warn_errors.fate(name) {
            Fate::Error => {
                let raised = Diagnostic::error("raised-by-template", message);
                return Err(problem(
                    raised.hint("a warning, which --warn-error or --warn-error-options makes an error"),
                ));
            }
            Fate::Warning => self.0.shared.talk.warn(message),
            Fate::Silent => {}
        }
        Ok(Value::from(""))
    }

    /// What an exception says, by its name and arguments.
    fn message(&self, method: &str, args: &[Value]) -> Result<String, Error> {
        let text = |index: usize, name: &str| args::option(args, index, name).map(|v| karat_jinja::py_str(&v));
        let part = |index, name| text(index, name).unwrap_or_default();
        let of = |index: usize, name: &str, key: &str| {
            let value = args::option(args, index, name).and_then(|v| v.get_attr(key).ok());
            value.filter(|v| !v.is_undefined()).map(|v| karat_jinja::py_str(&v)).unwrap_or_default()
        };
        Ok(match method {
            "missing_config" => {
                format!("{} needs the setting `{}`, which is not set", of(0, "model", "unique_id"), part(1, "name"))
            }
            "missing_materialization" => {
                let node = args::option(args, 0, "model").and_then(|m| m.get_attr("config").ok()).unwrap_or_default();
                let name = node.get_attr("materialized").map(|v| karat_jinja::py_str(&v)).unwrap_or_default();
                format!("there is no materialization `{name}` for {}", part(1, "adapter_type"))
            }
            "missing_relation" => format!("the relation {} does not exist", part(0, "relation")),
            "relation_wrong_type" => format!(
                "{} is a {}, and a {} is wanted: drop it, or run with --full-refresh",
                part(0, "relation"),
                of(0, "relation", "type"),
                part(1, "expected_type")
            ),
            "raise_ambiguous_alias" => {
                let name = text(2, "duped_name").unwrap_or_else(|| of(0, "node_1", "alias"));
                let (one, other) = (of(0, "node_1", "unique_id"), of(1, "node_2", "unique_id"));
                format!("{one} and {other} have the same relation: {name}")
            }
            "raise_ambiguous_catalog_match" => {
                format!("the warehouse has several relations for {}", part(0, "unique_id"))
            }
            "raise_duplicate_resource_name" => {
                format!("{} and {} have the same name", of(0, "node_1", "unique_id"), of(1, "node_2", "unique_id"))
            }
            "raise_duplicate_patch_name" => {
                format!("properties stand twice, also in {}", part(1, "existing_patch_path"))
            }
            "raise_dep_not_found" => {
                format!("{} needs {}, which is not there", part(1, "node_description"), part(2, "required_pkg"))
            }
            "raise_invalid_property_yml_version" => format!("{}: {}", part(0, "path"), part(1, "issue")),
            "raise_dataclass_not_dict" => format!("this is no mapping: {}", part(0, "obj")),
            "raise_contract_error" => format!(
                "the contract names the columns {}, and the query has {}",
                column_names(args::option(args, 0, "yaml_columns"))?,
                column_names(args::option(args, 1, "sql_columns"))?
            ),
            "column_type_missing" => {
                let names = column_names(args::option(args, 0, "column_names"))?;
                format!("a contract needs the type of every column: {names} have none")
            }
            _ => text(0, "msg").or_else(|| text(0, "message")).unwrap_or_default(),
        })
    }
}

/// `a integer, b text` of columns or their names.
fn column_names(columns: Option<Value>) -> Result<String, Error> {
    let Some(columns) = columns else { return Ok(String::new()) };
    let mut found = Vec::new();
    for column in columns.try_iter()? {
        let part = |key: &str| column.get_attr(key).ok().filter(|v| !v.is_undefined()).map(|v| karat_jinja::py_str(&v));
        found.push(match (part("name"), part("data_type")) {
            (Some(name), Some(data_type)) => format!("{name} {data_type}"),
            (Some(name), None) => name,
            _ => karat_jinja::py_str(&column),
        });
    }
    Ok(found.join(", "))
}

impl Object for Exceptions {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = *NAMES.iter().find(|name| Some(**name) == key.as_str())?;
        let own = self.clone();
        let call =
            move |given: minijinja::value::Rest<minijinja::value::ValueOrKwargs>| own.raise(name, &args::all(given));
        Some(Value::from_function(call))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(NAMES.iter().map(|name| Value::from(*name)).collect())
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match NAMES.contains(&method) || method == "raise_parsing_error" {
            true => self.raise(method, args),
            false => Err(Error::new(ErrorKind::UnknownMethod, format!("exceptions has no method `{method}`"))),
        }
    }
}

impl Exceptions {
    fn raise(&self, method: &str, args: &[Value]) -> Result<Value, Error> {
        let text = |index, name| args::option(args, index, name).map(|v| karat_jinja::py_str(&v)).unwrap_or_default();
        match method {
            "warn" => self.warn(warn_errors::TEMPLATE, &text(0, "msg")),
            "warn_snapshot_timestamp_data_types" => self.warn(
                warn_errors::SNAPSHOT_TIMES,
                &format!(
                    "the snapshot's times are of type {}, and those of `updated_at` of type {}: write both as one type",
                    text(0, "snapshot_time_data_type"),
                    text(1, "updated_at_data_type")
                ),
            ),
            _ => Err(problem(Diagnostic::error("raised-by-template", self.message(method, args)?))),
        }
    }
}
