//! The Python modules of dbt's `modules`: `datetime`, `pytz`, `re` and `itertools`.

mod itertools;
mod re;
mod time;

pub(crate) use re::Patterns;
pub(crate) use time::{format_date, from_timestamp};
pub use time::{moment, span_text, utc_datetime};

use minijinja::Value;

use crate::builtins::function;
use crate::value::{Dict, dict};

type Function = fn(&mut crate::interp::Interp<'_, '_, '_>, &crate::args::Args) -> crate::error::Eval<Value>;

/// A module as dbt has it: a dict of functions and classes.
fn module(functions: &[(&'static str, Function)], others: Vec<(&'static str, Value)>) -> Value {
    let functions = functions.iter().map(|(name, f)| (Value::from(*name), function(name, *f)));
    let others = others.into_iter().map(|(name, value)| (Value::from(name), value));
    Value::from_object(functions.chain(others).collect::<Dict>())
}

/// The value of `modules`.
pub(crate) fn modules() -> Value {
    dict([
        ("pytz", time::pytz()),
        ("datetime", time::datetime()),
        ("re", re::module()),
        ("itertools", itertools::module()),
    ])
}
