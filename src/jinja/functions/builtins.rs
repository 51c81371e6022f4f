//! `builtins`: the functions of karat, whatever the project made of their names.

use std::sync::{Arc, LazyLock};

use minijinja::value::{Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};

use super::lookup;
use crate::jinja::scope::Scope;

/// The names that are no macros.
pub(super) const NAMES: &[&str] = &[
    "adapter",
    "adapter_macro",
    "api",
    "builtins",
    "column",
    "config",
    "context",
    "database",
    "dbt_metadata_envs",
    "dbt_version",
    "diff_of_two_dicts",
    "env",
    "env_var",
    "exceptions",
    "execute",
    "flags",
    "fromjson",
    "fromyaml",
    "graph",
    "invocation_args_dict",
    "invocation_id",
    "load_result",
    "local_md5",
    "log",
    "metric",
    "model",
    "modules",
    "post_hooks",
    "pre_hooks",
    "print",
    "project_name",
    "ref",
    "return",
    "run_started_at",
    "schema",
    "selected_resources",
    "set",
    "set_strict",
    "source",
    "sql_now",
    "store_raw_result",
    "store_result",
    "target",
    "thread_id",
    "tojson",
    "toyaml",
    "try_or_compiler_error",
    "validation",
    "var",
    "zip",
    "zip_strict",
];

/// The functions that are the same for all templates, and `return`.
pub(super) fn plain(name: &str) -> Option<Value> {
    static PLAIN: LazyLock<Vec<(&'static str, Value)>> = LazyLock::new(karat_jinja::builtins);
    PLAIN.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
}

/// `builtins.ref`: the function of karat, whatever the project made of the name.
#[derive(Debug)]
pub(super) struct Builtins(pub(super) Arc<Scope>);

impl Object for Builtins {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        lookup(&self.0, name).or_else(|| plain(name))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(NAMES.iter().map(|name| Value::from(*name)).collect())
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match self.get_value(&Value::from(method)) {
            Some(value) => value.call(state, args),
            None => Err(Error::new(ErrorKind::UnknownMethod, format!("builtins has no `{method}`"))),
        }
    }
}
