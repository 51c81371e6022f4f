//! The methods of Python's built-in types.

mod bytes;
mod dict;
mod list;
mod number;
mod set;
pub(crate) mod string;

pub(crate) use self::list::call_tuple;

use minijinja::Value;

use crate::args::Args;
use crate::error::Eval;
use crate::interp::Interp;
use crate::value::{Py, view};

/// Whether the type of the value has a method of that name.
pub(crate) fn exists(value: &Value, name: &str) -> bool {
    let names: &[&str] = match view(value) {
        Py::Str(_) => string::NAMES,
        Py::List(_) => list::LIST_NAMES,
        Py::Tuple(_) => list::TUPLE_NAMES,
        Py::Dict(_) => dict::NAMES,
        Py::Set(_) => set::NAMES,
        Py::Int(_) | Py::Bool(_) | Py::Float(_) => number::NAMES,
        Py::Bytes(_) => bytes::NAMES,
        _ => return false,
    };
    names.contains(&name)
}

/// Calls a method of a built-in type; `None` when the type has none of that name.
pub(crate) fn call(interp: &mut Interp<'_, '_, '_>, value: &Value, name: &str, args: &Args) -> Option<Eval<Value>> {
    match view(value) {
        Py::Str(text) => string::call(interp, text, name, args),
        Py::List(items) => list::call(interp, items, name, args),
        Py::Tuple(items) => list::call_tuple(items, name, args),
        Py::Seq(_) => crate::value::collect(value).ok().and_then(|items| list::call_tuple(&items, name, args)),
        Py::Dict(items) => dict::call(value, items, name, args),
        Py::Map(_) => dict::call_foreign(value, name, args),
        Py::Set(items) => set::call(items, name, args),
        Py::Bytes(data) => bytes::call(data, name, args),
        Py::Int(_) | Py::Bool(_) | Py::Float(_) => number::call(value, name, args),
        _ => None,
    }
}
