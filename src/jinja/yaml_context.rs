//! What templates in project, profile and properties files see: `env_var`, `var`, `target` and the plain functions.

use std::sync::Arc;

use karat_jinja::{Engine, from_json, to_json};
use minijinja::Value;
use minijinja::value::{Object, Rest, ValueOrKwargs};
use serde_json::{Map, Value as Json};

use crate::config::profile::Target;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::functions::env_var;
use crate::jinja::macros::Macros;
use crate::jinja::report::diagnose;
use crate::secrets;

/// The names that YAML templates see.
#[derive(Debug, Clone, Default)]
pub struct YamlContext {
    /// `--vars` over those of the project.
    pub vars: Map<String, Json>,
    /// The chosen target, once it is known.
    pub target: Option<Target>,
    /// Whether secrets may be read: only in profiles and lists of packages.
    pub secrets: bool,
    /// Whether `vars` are those of the project too.
    pub has_project_vars: bool,
}

impl Object for YamlContext {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let context = self.clone();
        Some(match key.as_str()? {
            "env_var" => {
                let secrets = self.secrets;
                Value::from_function(move |given: Rest<ValueOrKwargs>| env_var(&args::all(given), secrets))
            }
            "var" => Value::from_function(move |given: Rest<ValueOrKwargs>| context.var(&args::all(given))),
            "target" => self.target.as_ref().map(|t| from_json(Json::Object(t.context())))?,
            "dbt_version" => Value::from(crate::DBT_VERSION),
            "execute" => Value::from(false),
            _ => return None,
        })
    }
}

impl YamlContext {
    fn var(&self, args: &[Value]) -> Result<Value, minijinja::Error> {
        let (name, rest) = args::first_text(args, "the name of the variable")?;
        let default = args::option(rest, 0, "default");
        if let Some(value) = self.vars.get(&name) {
            return Ok(from_json(value.clone()));
        }
        default.ok_or_else(|| {
            problem(
                Diagnostic::error("missing-var", format!("the variable `{name}` has no value"))
                    .hint(match self.has_project_vars {
                        true => format!("set it under `vars:` in the project file, with --vars '{{{name}: …}}', or give a default: var('{name}', …)"),
                        false => format!("only --vars '{{{name}: …}}' sets what is read here, not `vars:` of the project; or give a default: var('{name}', …)"),
                    })
                    .maybe_hint(did_you_mean(&name, self.vars.keys().map(String::as_str))),
            )
        })
    }

    /// Renders one text of a YAML file.
    ///
    /// # Errors
    /// The template is wrong, or a variable is missing.
    pub fn render(&self, engine: &Engine, text: &str) -> Result<Json, Box<Diagnostic>> {
        let context = Value::from_object(self.clone());
        engine
            .eval_native(text, context)
            .and_then(|v| if v.is_undefined() { Ok(Json::Null) } else { to_json(&v) })
            .map(|mut json| {
                secrets::reveal(&mut json);
                json
            })
            .map_err(|e| {
                let diagnostic = diagnose(&e, None, &Macros::default());
                Box::new(match diagnostic.code {
                    "undefined-name" => diagnostic.hint("YAML files see `env_var`, `var` and `target`, and no macros"),
                    _ => diagnostic,
                })
            })
    }
}
