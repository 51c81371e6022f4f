//! Iteration: what can be iterated, one-shot generators, and `range`.

use std::sync::{Arc, Mutex, PoisonError};

use minijinja::Value;

use super::list::List;
use super::native::{Native, instance};
use super::{Py, as_int, int, type_name, undefined, view};
use crate::args::Args;
use crate::error::{Eval, type_error, value_error};
use crate::interp::Interp;
use crate::methods::call_tuple;

/// An iterator over values.
pub(crate) type Iter = Box<dyn Iterator<Item = Value> + Send>;

/// Python's `iter(value)`.
pub(crate) fn iterate(value: &Value) -> Eval<Iter> {
    Ok(match view(value) {
        Py::List(_) => match value.downcast_object::<List>() {
            Some(list) => Box::new(live(list)),
            None => Box::new(std::iter::empty()),
        },
        Py::Tuple(tuple) => Box::new(tuple.iter().cloned().collect::<Vec<_>>().into_iter()),
        Py::Dict(dict) => Box::new(dict.keys().into_iter()),
        Py::Set(set) => Box::new(set.items().into_iter()),
        Py::Str(text) => {
            let chars: Vec<Value> = text.chars().map(|c| Value::from(c.to_string())).collect();
            Box::new(chars.into_iter())
        }
        Py::Bytes(bytes) => Box::new(bytes.iter().map(|byte| Value::from(*byte)).collect::<Vec<_>>().into_iter()),
        Py::Undefined => Box::new(std::iter::empty()),
        Py::Native(native) => match native.iter() {
            Some(iter) => iter,
            None => return not_iterable(value),
        },
        Py::Seq(object) | Py::Map(object) | Py::Object(object) => match object.try_iter() {
            Some(iter) => Box::new(iter),
            None => return not_iterable(value),
        },
        Py::None | Py::Bool(_) | Py::Int(_) | Py::Float(_) => return not_iterable(value),
    })
}

fn not_iterable<T>(value: &Value) -> Eval<T> {
    Err(type_error(format!("'{}' object is not iterable", type_name(value))))
}

/// Iterates a list that may grow or shrink meanwhile.
fn live(list: Arc<List>) -> impl Iterator<Item = Value> + Send {
    let mut index = 0;
    std::iter::from_fn(move || {
        let item = list.get(index)?;
        index += 1;
        Some(item)
    })
}

/// More items than any template needs; guards against endless generators.
const MAX_ITEMS: usize = 5_000_000;

/// Python's `list(value)`.
pub(crate) fn collect(value: &Value) -> Eval<Vec<Value>> {
    let mut items = Vec::new();
    for item in iterate(value)? {
        if items.len() >= MAX_ITEMS {
            return Err(crate::error::raise(crate::error::ErrorKind::Limit, "the iterable has too many items"));
        }
        items.push(item);
    }
    Ok(items)
}

/// Python's `len(value)`.
pub(crate) fn length(value: &Value) -> Eval<usize> {
    let len = match view(value) {
        Py::List(list) => Some(list.len()),
        Py::Tuple(tuple) => Some(tuple.len()),
        Py::Dict(dict) => Some(dict.len()),
        Py::Set(set) => Some(set.len()),
        Py::Str(text) => Some(text.chars().count()),
        Py::Bytes(bytes) => Some(bytes.len()),
        Py::Undefined => Some(0),
        Py::Native(native) => native.len(),
        Py::Seq(object) | Py::Map(object) | Py::Object(object) => object.enumerator_len(),
        Py::None | Py::Bool(_) | Py::Int(_) | Py::Float(_) => None,
    };
    len.ok_or_else(|| type_error(format!("object of type '{}' has no len()", type_name(value))))
}

/// A one-shot iterator, as Python's generators are.
pub(crate) struct Generator {
    iter: Mutex<Iter>,
    name: &'static str,
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repr())
    }
}

/// Wraps an iterator; `name` is its class, as in `<generator object ...>`.
pub(crate) fn generator(name: &'static str, iter: impl Iterator<Item = Value> + Send + 'static) -> Value {
    instance(Generator { iter: Mutex::new(Box::new(iter)), name })
}

impl Native for Generator {
    fn type_name(&self) -> &'static str {
        self.name
    }

    fn repr(&self) -> String {
        format!("<{} object>", self.name)
    }

    fn iterable(&self) -> bool {
        true
    }

    fn iter(&self) -> Option<Iter> {
        let mut slot = self.iter.lock().unwrap_or_else(PoisonError::into_inner);
        Some(std::mem::replace(&mut *slot, Box::new(std::iter::empty())))
    }
}

/// Python's `range`.
#[derive(Debug)]
pub(crate) struct Range {
    start: i128,
    stop: i128,
    step: i128,
}

impl Range {
    fn count(&self) -> usize {
        let span = if self.step > 0 { self.stop - self.start } else { self.start - self.stop };
        let step = self.step.abs();
        if span <= 0 { 0 } else { ((span + step - 1) / step) as usize }
    }
}

/// The largest range that the sandbox lets through.
const MAX_RANGE: usize = 100_000;

/// Makes a range, within the limit of Jinja2's sandbox.
pub(crate) fn range(start: i128, stop: i128, step: i128) -> Eval<Value> {
    if step == 0 {
        return Err(value_error("range() arg 3 must not be zero"));
    }
    let limit = i128::from(i64::MAX);
    if [start, stop, step].iter().any(|bound| bound.abs() > limit) {
        return Err(value_error("range() argument is too large"));
    }
    let range = Range { start, stop, step };
    if range.count() > MAX_RANGE {
        return Err(value_error(format!(
            "Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MAX_RANGE})."
        )));
    }
    Ok(instance(range))
}

impl Native for Range {
    fn type_name(&self) -> &'static str {
        "range"
    }

    fn repr(&self) -> String {
        match self.step {
            1 => format!("range({}, {})", self.start, self.stop),
            step => format!("range({}, {}, {step})", self.start, self.stop),
        }
    }

    fn truthy(&self) -> bool {
        self.count() > 0
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        let items: Vec<Value> = self.iter()?.collect();
        matches!(name, "index" | "count").then(|| call_tuple(&items, name, args))?
    }

    fn iterable(&self) -> bool {
        true
    }

    fn iter(&self) -> Option<Iter> {
        let (start, step) = (self.start, self.step);
        Some(Box::new((0..self.count() as i128).map(move |at| int(start + at * step))))
    }

    fn len(&self) -> Option<usize> {
        Some(self.count())
    }

    fn item(&self, key: &Value) -> Option<Value> {
        let count = self.count() as i128;
        let index = as_int(key)?;
        let index = if index < 0 { index + count } else { index };
        (0..count).contains(&index).then(|| int(self.start + index * self.step))
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        let other = other.downcast::<Range>()?;
        let count = self.count();
        Some(
            count == other.count()
                && (count == 0 || (self.start == other.start && (count == 1 || self.step == other.step))),
        )
    }
}

/// Fails for a value that is undefined.
pub(crate) fn defined(value: &Value) -> Eval<()> {
    if matches!(view(value), Py::Undefined) { Err(undefined(value).into()) } else { Ok(()) }
}
