//! What a statement did, as templates see it.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};
use serde_json::{Map, Value as Json};

/// What a statement did. Printed, it is the engine's word for it.
#[derive(Debug)]
pub struct Response {
    /// The engine's word.
    pub message: String,
    /// Its code, if it has one.
    pub code: Value,
    /// How many rows were written.
    pub rows: Option<u64>,
}

impl Response {
    /// One without a code.
    pub fn new(message: String, rows: Option<u64>) -> Self {
        Self { message, code: Value::from(()), rows }
    }
}

/// What a statement did, as artifacts have it: what is not known is left out.
pub fn recorded(response: &Value) -> Map<String, Json> {
    let field = |key: &str| response.get_attr(key).ok().filter(|v| !v.is_undefined() && !v.is_none());
    let keys = ["_message", "code", "rows_affected"].into_iter();
    let found = keys.filter_map(|key| Some((key.to_owned(), karat_jinja::to_json(&field(key)?).ok()?)));
    let mut found: Map<String, Json> = found.collect();
    // An engine that says no more than that tells dbt no number of rows.
    if found.get("_message").is_some_and(|message| message == "OK") && !found.contains_key("code") {
        found.remove("rows_affected");
    }
    found
}

impl Object for Response {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "_message" | "message" => Value::from(self.message.as_str()),
            "rows_affected" => self.rows.map_or(Value::from(()), Value::from),
            "code" => self.code.clone(),
            "query_id" => Value::from(()),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
