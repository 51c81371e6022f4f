//! `var` and `env_var`.

use std::ffi::OsString;
use std::sync::Arc;

use karat_jinja::from_json;
use minijinja::value::{Object, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::{Map, Value as Json};

use crate::config::yaml::is_template;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::secrets;

/// `var('name')`, `var('name', default)`, `var.has_var('name')`.
#[derive(Debug)]
pub struct VarObject(pub(super) Arc<Scope>);

impl Object for VarObject {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name, rest) = args::first_text(args, "the name of the variable")?;
        if rest.len() > 1 {
            return Err(Error::new(ErrorKind::TooManyArguments, "var takes a name and a default"));
        }
        let default = args::option(rest, 0, "default");
        let scope = &self.0;
        match scope.var(&name) {
            // A variable may be a template itself.
            Some(Json::String(text)) if is_template(&text) => {
                let macros = &scope.shared.macros;
                let rendered = macros.engine().render_str(&text, Value::from_dyn_object(scope.clone()));
                return rendered.map(Value::from).map_err(|error| problem(diagnose(&error, None, macros)));
            }
            Some(value) => return Ok(from_json(value)),
            None => {}
        }
        if let Some(default) = default {
            return Ok(default);
        }
        if !scope.execute && matches!(scope.owner, Owner::Draft(_)) {
            return Ok(Value::from(()));
        }
        Err(missing_var(scope, &name))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "has_var" => {
                let (name,): (String,) = from_args(args)?;
                Ok(Value::from(self.0.var(&name).is_some()))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("var has no method `{method}`"))),
        }
    }
}

pub(super) fn missing_var(scope: &Scope, name: &str) -> Error {
    let vars = &scope.shared.settings.vars;
    let known: Vec<&str> = vars.keys().chain(scope.shared.cli_vars.keys()).map(String::as_str).collect();
    problem(
        Diagnostic::error("missing-var", format!("the variable `{name}` has no value"))
            .hint(format!("set it under `vars:` in the project file, with --vars '{{{name}: …}}', or give a default: var('{name}', …)"))
            .maybe_hint(did_you_mean(name, known)),
    )
}

pub(super) fn env_var_of(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let own = match (&scope.unit, args::first_text(args, "the name of the variable")) {
        (Some(unit), Ok((name, _))) => unit.env_var(&name).cloned(),
        _ => None,
    };
    own.map_or_else(|| env_var(args, false), |value| Ok(from_json(value)))
}

/// `env_var('NAME')`, `env_var('NAME', 'default')`; secrets only where they are `allowed`, and what stands for them.
///
/// # Errors
/// The variable is not set and there is no default, or it is a secret and this is no place for one.
pub fn env_var(args: &[Value], allowed: bool) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the variable")?;
    let default = args::option(rest, 0, "default");
    let is_secret = name.starts_with(secrets::PREFIX);
    if is_secret && !allowed {
        let message = format!("`{name}` is a secret: only profiles.yml and packages.yml may read it");
        return Err(problem(Diagnostic::error("secret-env-var", message).hint("rename the variable if it is none")));
    }
    if let Ok(value) = std::env::var(&name) {
        return Ok(Value::from(if is_secret { secrets::stand_in(&name) } else { value }));
    }
    default.ok_or_else(|| {
        problem(
            Diagnostic::error("missing-env-var", format!("the environment variable `{name}` is not set"))
                .hint(format!("set it, or give a default: env_var('{name}', '…')")),
        )
    })
}

/// `dbt_metadata_envs`: the environment variables whose names start with `DBT_ENV_CUSTOM_ENV_`, without that.
pub fn metadata_envs() -> Map<String, Json> {
    let named = |(key, value): (OsString, OsString)| {
        let key = key.into_string().ok()?;
        Some((key.strip_prefix("DBT_ENV_CUSTOM_ENV_")?.to_owned(), Json::from(value.into_string().ok()?)))
    };
    std::env::vars_os().filter_map(named).collect()
}
