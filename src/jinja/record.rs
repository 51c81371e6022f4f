//! Objects with named parts, such as the results that `on-run-end` sees: their parts are read by name, and `to_dict`
//! makes data of them.

use std::fmt;
use std::sync::Arc;

use karat_jinja::from_json;
use minijinja::value::{Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::{Map, Value as Json};

use crate::jinja::args;

/// An object of Python's.
pub struct Record {
    class: &'static str,
    parts: Map<String, Json>,
    /// Parts that are no plain data.
    objects: Vec<(&'static str, Value)>,
}

impl Record {
    /// An object of plain parts.
    pub fn new(class: &'static str, parts: Map<String, Json>) -> Self {
        Self { class, parts, objects: Vec::new() }
    }

    /// With a part that templates see as an object of its own; `to_dict` gives the plain part of that name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.objects.push((name, value));
        self
    }

    /// The object as a value of a template.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    fn part(&self, name: &str) -> Option<Value> {
        let object = self.objects.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        object.or_else(|| self.parts.get(name).cloned().map(from_json))
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |(name, value): (&String, &Json)| {
            format!("{name}={}", karat_jinja::py_repr(&self.part(name).unwrap_or_else(|| from_json(value.clone()))))
        };
        write!(f, "{}({})", self.class, self.parts.iter().map(part).collect::<Vec<_>>().join(", "))
    }
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.part(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "to_dict" => {
                let omit = args::option(args, 0, "omit_none").is_some_and(|v| v.is_true());
                let parts = self.parts.iter().filter(|(_, value)| !(omit && value.is_null()));
                Ok(from_json(Json::Object(parts.map(|(k, v)| (k.clone(), v.clone())).collect())))
            }
            "get" => {
                let (name, rest) = args::first_text(args, "the name of the part")?;
                Ok(self.part(&name).or(args::option(rest, 0, "default")).unwrap_or(Value::from(())))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("{} has no method `{method}`", self.class))),
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
