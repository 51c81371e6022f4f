//! What a template sees that is rendered for a unit test: fixtures in the place of relations, overrides.

use std::collections::HashMap;
use std::sync::Arc;

use karat_jinja::from_json;
use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::jinja::builtin::BUILTIN_PACKAGE;
use crate::jinja::scope::Scope;
use crate::unit_test::Overrides;

/// Functions of karat that are macros in dbt: what overrides them is what they return.
const CALLED: [&str; 5] =
    ["is_incremental", "should_full_refresh", "should_store_failures", "load_relation", "load_cached_relation"];

/// What is other in a unit test than in a run.
#[derive(Debug, Default)]
pub struct UnitScope {
    /// The CTE that stands for each node, by position.
    pub inputs: HashMap<usize, String>,
    /// The CTE that stands for the model itself.
    pub this: Option<String>,
    vars: Map<String, Json>,
    env_vars: Map<String, Json>,
    /// By name, or by package and name.
    macros: Map<String, Json>,
}

impl UnitScope {
    /// Fixtures and overrides of one unit test.
    pub fn new(inputs: HashMap<usize, String>, this: Option<String>, overrides: Option<&Overrides>) -> Self {
        let overrides = overrides.cloned().unwrap_or_default();
        Self { inputs, this, vars: overrides.vars, env_vars: overrides.env_vars, macros: overrides.macros }
    }

    /// The variable of the project that the test sets.
    pub fn var(&self, name: &str) -> Option<&Json> {
        self.vars.get(name)
    }

    /// The variable of the environment that the test sets.
    pub fn env_var(&self, name: &str) -> Option<&Json> {
        self.env_vars.get(name)
    }

    /// What stands for a name without a package.
    pub fn global(&self, scope: &Arc<Scope>, name: &str) -> Option<Value> {
        let value = self.macros.get(name).or_else(|| self.macros.get(&format!("{BUILTIN_PACKAGE}.{name}")))?;
        let is_macro = CALLED.contains(&name) || scope.shared.macros.find(&scope.package, name).is_some();
        Some(if is_macro { returning(value) } else { from_json(value.clone()) })
    }

    /// What stands for a macro of a package.
    pub fn of_package(&self, package: &str, name: &str) -> Option<Value> {
        let full = self.macros.get(&format!("{package}.{name}"));
        full.or_else(|| self.macros.get(name).filter(|_| package == BUILTIN_PACKAGE)).map(returning)
    }
}

/// A macro that returns this, whatever it is given.
fn returning(value: &Json) -> Value {
    let value = from_json(value.clone());
    Value::from_function(move |_: minijinja::value::Rest<minijinja::value::ValueOrKwargs>| value.clone())
}
