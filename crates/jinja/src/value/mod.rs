//! Python's values on top of `minijinja::Value`.
//!
//! Numbers, strings, booleans and `None` are minijinja's own. Lists, dicts and sets are mutable objects with
//! reference semantics ([`List`], [`Dict`], [`Set`]); tuples are `minijinja::value::Tuple`; everything else that
//! Python has methods for implements [`Native`]. Sequences and maps made elsewhere are read as lists and dicts.

mod convert;
pub(crate) mod decimal;
mod dict;
mod iter;
mod list;
mod native;
pub(crate) mod number;
pub(crate) mod ops;
mod repr;
mod set;
mod slice;
mod undefined;

pub use convert::{from_json, from_yaml, to_json};
pub(crate) use convert::{from_yaml_text, json_key, to_yaml_text};
pub(crate) use decimal::{Decimal, as_real};
pub use decimal::{decimal, decimal_places, decimal_text};
pub use dict::Dict;
pub(crate) use dict::{Key, Map};
pub(crate) use iter::{Iter, collect, defined, generator, iterate, length, range};
pub use list::List;
pub(crate) use native::{Instance, Native, instance, native_ref};
pub use ops::equals;
pub(crate) use repr::write_str;
pub use repr::{py_repr, py_str};
pub use set::Set;
pub(crate) use slice::slice;
pub(crate) use undefined::{Undefined, undefined, undefined_attribute, undefined_hint, undefined_name};

use minijinja::Value;
use minijinja::value::{DynObject, Tuple, ValueKind};

/// Makes a mutable list.
pub fn list(items: Vec<Value>) -> Value {
    Value::from_object(List::new(items))
}

/// Makes a mutable dict that keeps the order of insertion.
pub fn dict<K: Into<Value>>(items: impl IntoIterator<Item = (K, Value)>) -> Value {
    Value::from_object(items.into_iter().map(|(key, value)| (key.into(), value)).collect::<Dict>())
}

/// The order of two values, if Python has one for them.
pub fn compare(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    ops::compare(a, b, "<").ok().flatten()
}

/// Makes a tuple.
pub fn tuple(items: Vec<Value>) -> Value {
    Value::from(Tuple::from(items))
}

/// Makes an integer, in the smallest representation that holds it.
pub(crate) fn int(number: i128) -> Value {
    match i64::try_from(number) {
        Ok(small) => Value::from(small),
        Err(_) => Value::from(number),
    }
}

/// A value seen with Python's eyes.
pub(crate) enum Py<'a> {
    None,
    Undefined,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(&'a str),
    Bytes(&'a [u8]),
    List(&'a List),
    Tuple(&'a Tuple),
    Dict(&'a Dict),
    Set(&'a Set),
    Native(&'a dyn Native),
    /// A sequence made elsewhere.
    Seq(&'a DynObject),
    /// A map made elsewhere.
    Map(&'a DynObject),
    /// Anything else.
    Object(&'a DynObject),
}

/// Looks at a value.
pub(crate) fn view(value: &Value) -> Py<'_> {
    match value.kind() {
        ValueKind::None => Py::None,
        ValueKind::Bool => Py::Bool(value.is_true()),
        ValueKind::Number => view_number(value),
        ValueKind::String => Py::Str(value.as_str().unwrap_or_default()),
        ValueKind::Bytes => Py::Bytes(value.as_bytes().unwrap_or_default()),
        _ => value.as_object().map_or(Py::Undefined, view_object),
    }
}

fn view_number(value: &Value) -> Py<'_> {
    if value.is_integer() {
        return match value.as_i64() {
            Some(small) => Py::Int(small.into()),
            None => i128::try_from(value.clone()).map_or(Py::None, Py::Int),
        };
    }
    f64::try_from(value.clone()).map_or(Py::None, Py::Float)
}

fn view_object(object: &DynObject) -> Py<'_> {
    use minijinja::value::ObjectRepr;
    if let Some(list) = object.downcast_ref::<List>() {
        return Py::List(list);
    }
    if let Some(dict) = object.downcast_ref::<Dict>() {
        return Py::Dict(dict);
    }
    if let Some(native) = object.downcast_ref::<Instance>() {
        return Py::Native(&*native.0);
    }
    if let Some(tuple) = object.downcast_ref::<Tuple>() {
        return Py::Tuple(tuple);
    }
    if let Some(set) = object.downcast_ref::<Set>() {
        return Py::Set(set);
    }
    if object.downcast_ref::<Undefined>().is_some() {
        return Py::Undefined;
    }
    match object.repr() {
        ObjectRepr::Seq => Py::Seq(object),
        ObjectRepr::Map => Py::Map(object),
        _ => Py::Object(object),
    }
}

/// Whether the value is one of the kinds of undefined.
pub(crate) fn is_undefined(value: &Value) -> bool {
    matches!(view(value), Py::Undefined)
}

/// Python's `bool(value)`.
pub(crate) fn truthy(value: &Value) -> bool {
    match view(value) {
        Py::None | Py::Undefined => false,
        Py::Bool(flag) => flag,
        Py::Int(number) => number != 0,
        Py::Float(number) => number != 0.0,
        Py::Str(text) => !text.is_empty(),
        Py::Bytes(bytes) => !bytes.is_empty(),
        Py::List(list) => !list.is_empty(),
        Py::Tuple(tuple) => !tuple.is_empty(),
        Py::Dict(dict) => !dict.is_empty(),
        Py::Set(set) => !set.is_empty(),
        Py::Native(native) => native.truthy(),
        Py::Seq(_) | Py::Map(_) | Py::Object(_) => value.is_true(),
    }
}

/// Python's `type(value).__name__`.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match view(value) {
        Py::None => "NoneType",
        Py::Undefined => "Undefined",
        Py::Bool(_) => "bool",
        Py::Int(_) => "int",
        Py::Float(_) => "float",
        Py::Str(_) => "str",
        Py::Bytes(_) => "bytes",
        Py::List(_) | Py::Seq(_) => "list",
        Py::Tuple(_) => "tuple",
        Py::Dict(_) | Py::Map(_) => "dict",
        Py::Set(_) => "set",
        Py::Native(native) => native.type_name(),
        Py::Object(_) => "object",
    }
}

/// The integer a value is, counting booleans as Python does.
pub(crate) fn as_int(value: &Value) -> Option<i128> {
    match view(value) {
        Py::Int(number) => Some(number),
        Py::Bool(flag) => Some(flag.into()),
        _ => None,
    }
}

/// The items of a dict or of a map made elsewhere.
pub(crate) fn pairs(value: &Value) -> Option<Vec<(Value, Value)>> {
    match view(value) {
        Py::Dict(dict) => Some(dict.pairs()),
        Py::Map(object) => Some(object.try_iter_pairs()?.collect()),
        _ => None,
    }
}
