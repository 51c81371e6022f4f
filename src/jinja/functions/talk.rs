//! `exceptions`, `log` and `print`: what a template says to people.

use std::sync::Arc;

use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};

use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::relation::Relation;
use crate::jinja::scope::Scope;

/// `exceptions.raise_compiler_error(…)` and its siblings.
#[derive(Debug)]
pub(super) struct Exceptions(pub(super) Arc<Scope>);

impl Object for Exceptions {
    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let message = args.first().map(karat_jinja::py_str).unwrap_or_default();
        let raised = |message: String| Err(problem(Diagnostic::error("raised-by-template", message)));
        match method {
            "warn" => {
                self.0.shared.talk.warn(&message);
                Ok(Value::from(""))
            }
            "missing_config" => {
                let key = args.get(1).map(karat_jinja::py_str).unwrap_or_default();
                raised(format!("the setting `{key}` is required and not set"))
            }
            "warn_snapshot_timestamp_data_types" => {
                let other = args.get(1).map(karat_jinja::py_str).unwrap_or_default();
                let text = format!(
                    "`updated_at` of this snapshot is of type {other}, and the times of the snapshot are of type {message}"
                );
                self.0.shared.talk.warn(&text);
                Ok(Value::from(""))
            }
            "relation_wrong_type" => {
                let found = args.first().and_then(Relation::from_value);
                let kind = found.as_ref().and_then(|r| r.kind).map_or("no table", |kind| kind.as_str());
                let wanted = args.get(1).map(karat_jinja::py_str).unwrap_or_default();
                raised(format!("{message} is there and is a {kind}, not a {wanted}"))
            }
            "missing_relation" => raised(format!("the relation {message} does not exist")),
            "raise_compiler_error"
            | "raise_parsing_error"
            | "raise_database_error"
            | "raise_fail_fast_error"
            | "raise_not_implemented"
            | "raise_invalid_property_yml_version"
            | "raise_duplicate_macro_name"
            | "raise_contract_error"
            | "column_type_missing"
            | "missing_materialization"
            | "raise_dep_not_found"
            | "raise_dependency_error"
            | "raise_duplicate_patch_name" => raised(message),
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("exceptions has no method `{method}`"))),
        }
    }
}

pub(super) fn log(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (message, rest) = args::first(args, "the message")?;
    let info = args::option(rest, 0, "info").is_some_and(|v| v.is_true());
    scope.shared.talk.log(&karat_jinja::py_str(message), info);
    Ok(Value::from(""))
}

pub(super) fn print(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let text: Vec<String> = args.iter().filter(|v| !v.is_kwargs()).map(karat_jinja::py_str).collect();
    scope.shared.talk.print(&text.join(" "));
    Ok(Value::from(""))
}
