//! Undefined values that remember why they are undefined.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

use super::repr::py_repr;
use super::type_name;
use crate::error::{ErrorKind, JinjaError};

const MACRO_HINT: &str = "This can happen when calling a macro that does not exist. Check for typos and/or install \
    package dependencies with \"dbt deps\".";

/// An undefined value. Printing and testing it is fine; any other use is an error, unless it is lenient.
#[derive(Debug)]
pub(crate) struct Undefined {
    reason: Reason,
    /// Attributes, elements and calls of a lenient undefined are undefined again, as dbt has it while parsing.
    pub lenient: bool,
}

#[derive(Debug)]
enum Reason {
    Name(Arc<str>),
    Attribute(String),
    Hint(String),
}

impl Undefined {
    /// The error that using the value raises.
    pub fn error(&self) -> JinjaError {
        match &self.reason {
            Reason::Name(name) => {
                let message = format!("{} is undefined", py_repr(&Value::from(&**name)));
                JinjaError::new(ErrorKind::UndefinedName, message).with_hint(MACRO_HINT)
            }
            Reason::Attribute(message) => JinjaError::new(ErrorKind::UndefinedAttribute, message.clone()),
            Reason::Hint(message) => JinjaError::new(ErrorKind::UndefinedName, message.clone()),
        }
    }
}

impl Object for Undefined {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// An undefined name.
pub(crate) fn undefined_name(name: &Arc<str>, lenient: bool) -> Value {
    Value::from_object(Undefined { reason: Reason::Name(name.clone()), lenient })
}

/// An undefined value with a message of its own.
pub(crate) fn undefined_hint(message: impl Into<String>, lenient: bool) -> Value {
    Value::from_object(Undefined { reason: Reason::Hint(message.into()), lenient })
}

/// An attribute or element that `object` does not have.
pub(crate) fn undefined_attribute(object: &Value, key: &Value, lenient: bool) -> Value {
    let owner = match type_name(object) {
        "NoneType" => "None".to_owned(),
        name => format!("{name} object"),
    };
    let message = match key.as_str() {
        Some(_) => format!("'{owner}' has no attribute {}", py_repr(key)),
        None => format!("{owner} has no element {}", py_repr(key)),
    };
    Value::from_object(Undefined { reason: Reason::Attribute(message), lenient })
}

/// The error for using an undefined value of any make.
pub(crate) fn undefined(value: &Value) -> JinjaError {
    match value.downcast_object_ref::<Undefined>() {
        Some(undefined) => undefined.error(),
        None => JinjaError::new(ErrorKind::UndefinedName, "value is undefined"),
    }
}
