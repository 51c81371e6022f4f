//! Names, attributes and elements.

use std::sync::Arc;

use minijinja::Value;

use super::Interp;
use super::call::BoundMethod;
use super::scope::Scope;
use crate::error::Eval;
use crate::methods;
use crate::syntax::ast::Sym;
use crate::value::{
    Py, Undefined, as_int, instance, type_name, undefined, undefined_attribute, undefined_hint, undefined_name, view,
};

impl Interp<'_, '_, '_> {
    /// A variable of the template, or else of the context.
    pub(super) fn lookup(&mut self, sym: Sym, scope: &Arc<Scope>) -> Value {
        if let Some(value) = scope.get(sym) {
            return value;
        }
        let name = self.template.name_of(sym);
        match self.state.lookup(name) {
            Some(value) if !value.is_undefined() => value,
            _ => undefined_name(name, self.lenient),
        }
    }

    /// What is left when an undefined value is used: itself when it is lenient, an error otherwise.
    pub(super) fn use_undefined(&self, value: &Value) -> Eval<Value> {
        let lenient = value.downcast_object_ref::<Undefined>().is_some_and(|undefined| undefined.lenient);
        if lenient { Ok(value.clone()) } else { Err(undefined(value).into()) }
    }

    /// `object.name`
    pub(crate) fn get_attr(&mut self, object: &Value, name: &Value) -> Eval<Value> {
        let text = name.as_str().unwrap_or_default();
        if let Py::Undefined = view(object) {
            return self.use_undefined(object);
        }
        if methods::exists(object, text) {
            return Ok(instance(BoundMethod { target: object.clone(), name: text.into() }));
        }
        let found = match view(object) {
            Py::Dict(dict) => dict.get_str(text),
            Py::Native(native) => native.attr(text).or_else(|| native.item(name)),
            Py::Map(foreign) | Py::Seq(foreign) | Py::Object(foreign) => foreign.get_value_by_str(text),
            _ => None,
        };
        Ok(match found.filter(|value| !value.is_undefined()) {
            Some(value) => value,
            None if self.has_method(object, text) => {
                instance(BoundMethod { target: object.clone(), name: text.into() })
            }
            None if text.starts_with("__") => undefined_hint(
                format!("access to attribute '{text}' of '{}' object is unsafe.", type_name(object)),
                self.lenient,
            ),
            None => undefined_attribute(object, name, self.lenient),
        })
    }

    /// Whether an instance, or an object of the context, has a method of that name.
    fn has_method(&self, object: &Value, name: &str) -> bool {
        let names = match view(object) {
            Py::Native(native) => native.methods(),
            Py::Map(foreign) | Py::Seq(foreign) | Py::Object(foreign) => (self.runtime.methods)(foreign),
            _ => return false,
        };
        names.contains(&name)
    }

    /// `object[key]`
    pub(crate) fn get_item(&mut self, object: &Value, key: &Value) -> Eval<Value> {
        let found = match view(object) {
            Py::Undefined => return self.use_undefined(object),
            Py::Dict(dict) => dict.get(key),
            Py::List(list) => index(key, list.len()).and_then(|at| list.get(at)),
            Py::Tuple(tuple) => index(key, tuple.len()).and_then(|at| tuple.get(at).cloned()),
            Py::Str(text) => char_at(text, key),
            Py::Bytes(bytes) => index(key, bytes.len()).map(|at| Value::from(bytes[at])),
            Py::Native(native) => native.item(key),
            Py::Seq(foreign) => {
                index(key, foreign.enumerator_len().unwrap_or(0)).and_then(|at| foreign.get_value(&Value::from(at)))
            }
            Py::Map(foreign) | Py::Object(foreign) => foreign.get_value(key),
            Py::None | Py::Bool(_) | Py::Int(_) | Py::Float(_) | Py::Set(_) => None,
        };
        match found.filter(|value| !value.is_undefined()) {
            Some(value) => Ok(value),
            None if key.as_str().is_some() => self.get_attr(object, key),
            None => Ok(undefined_attribute(object, key, self.lenient)),
        }
    }
}

fn index(key: &Value, len: usize) -> Option<usize> {
    let at = as_int(key)?;
    let at = if at < 0 { at + len as i128 } else { at };
    usize::try_from(at).ok().filter(|at| *at < len)
}

fn char_at(text: &str, key: &Value) -> Option<Value> {
    let at = index(key, text.chars().count())?;
    text.chars().nth(at).map(|c| Value::from(c.to_string()))
}
