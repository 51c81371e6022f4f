//! `adapter.behavior`: what the project chose of old and new behaviour, under `flags:`.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Object;
use serde_json::Value as Json;

use crate::jinja::scope::Scope;

/// `adapter.behavior`.
#[derive(Debug)]
pub(super) struct Behavior(pub Arc<Scope>);

impl Object for Behavior {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let flags = &self.0.shared.settings.flags;
        let set = flags.get(key.as_str()?).and_then(Json::as_bool).unwrap_or(false);
        Some(Value::from_object(Flag(set)))
    }
}

/// A flag: true or false by itself, and as its `setting`.
#[derive(Debug)]
struct Flag(bool);

impl Object for Flag {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        matches!(key.as_str()?, "setting" | "no_warn").then(|| Value::from(self.0))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0
    }
}
