//! Python's slices.

use minijinja::Value;

use super::{Py, as_int, collect, list, tuple, type_name, view};
use crate::error::{Eval, type_error, value_error};

/// `value[start:stop:step]`
pub(crate) fn slice(value: &Value, bounds: [Option<Value>; 3]) -> Eval<Value> {
    let mut numbers = [None; 3];
    for (slot, bound) in numbers.iter_mut().zip(&bounds) {
        *slot = match bound {
            None => None,
            Some(bound) if bound.is_none() => None,
            Some(bound) => Some(
                as_int(bound)
                    .ok_or_else(|| type_error("slice indices must be integers or None or have an __index__ method"))?,
            ),
        };
    }
    if numbers[2] == Some(0) {
        return Err(value_error("slice step cannot be zero"));
    }
    Ok(match view(value) {
        Py::Str(text) => {
            let chars: Vec<char> = text.chars().collect();
            Value::from(indices(chars.len(), numbers).map(|at| chars[at]).collect::<String>())
        }
        Py::Bytes(bytes) => Value::from_bytes(indices(bytes.len(), numbers).map(|at| bytes[at]).collect()),
        Py::Tuple(items) => tuple(indices(items.len(), numbers).map(|at| items[at].clone()).collect()),
        Py::List(_) | Py::Seq(_) => list(pick(&collect(value)?, numbers)),
        Py::Native(native) if native.type_name() == "range" => list(pick(&collect(value)?, numbers)),
        Py::Undefined => return Err(super::undefined(value).into()),
        Py::Dict(_) | Py::Map(_) => return Err(type_error("unhashable type: 'slice'")),
        _ => return Err(type_error(format!("'{}' object is not subscriptable", type_name(value)))),
    })
}

fn pick(items: &[Value], bounds: [Option<i128>; 3]) -> Vec<Value> {
    indices(items.len(), bounds).map(|at| items[at].clone()).collect()
}

/// The positions a slice selects in a sequence of the given length.
fn indices(len: usize, [start, stop, step]: [Option<i128>; 3]) -> impl Iterator<Item = usize> {
    let len = len as i128;
    let step = step.unwrap_or(1);
    let (low, high) = if step < 0 { (-1, len - 1) } else { (0, len) };
    let clamp = |bound: i128| (if bound < 0 { bound + len } else { bound }).clamp(low, high);
    let start = start.map_or(if step < 0 { high } else { low }, clamp);
    let stop = stop.map_or(if step < 0 { low } else { high }, clamp);
    let mut at = start;
    std::iter::from_fn(move || {
        let inside = if step < 0 { at > stop } else { at < stop };
        let current = at;
        at += step;
        inside.then_some(current as usize)
    })
}
