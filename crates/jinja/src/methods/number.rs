//! Methods of numbers.

use minijinja::Value;

use crate::args::Args;
use crate::error::Eval;
use crate::value::{Py, as_int, int, tuple, view};

pub(super) const NAMES: &[&str] = &["is_integer", "bit_length", "conjugate", "as_integer_ratio", "hex"];

pub(super) fn call(value: &Value, name: &str, args: &Args) -> Option<Eval<Value>> {
    let result = match (name, view(value)) {
        ("is_integer", Py::Float(number)) => Value::from(number.is_finite() && number.fract() == 0.0),
        ("bit_length", Py::Int(number)) => Value::from(128 - number.unsigned_abs().leading_zeros()),
        ("as_integer_ratio", _) if as_int(value).is_some() => tuple(vec![value.clone(), int(1)]),
        ("conjugate", _) => value.clone(),
        _ => return None,
    };
    Some(args.nothing(name).map(|()| result))
}
