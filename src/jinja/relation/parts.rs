//! `path`, `quote_policy` and `include_policy` of a relation.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use super::PARTS;

/// Three values by the names of the parts. They print as dbt's own classes do.
#[derive(Debug)]
pub(super) struct Parts {
    class: &'static str,
    values: [Value; 3],
}

impl Parts {
    /// `relation.path`
    pub fn path(parts: [Option<&str>; 3]) -> Value {
        Value::from_object(Self { class: "Path", values: parts.map(Value::from) })
    }

    /// `relation.quote_policy`, `relation.include_policy`
    pub fn policy(flags: [bool; 3]) -> Value {
        Value::from_object(Self { class: "Policy", values: flags.map(Value::from) })
    }
}

impl Object for Parts {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = PARTS.iter().position(|part| Some(*part) == key.as_str())?;
        Some(self.values[index].clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [database, schema, identifier] = self.values.each_ref().map(karat_jinja::py_repr);
        write!(f, "{}(database={database}, schema={schema}, identifier={identifier})", self.class)
    }
}
