//! `timedelta`

use std::cmp::Ordering;

use minijinja::Value;

use crate::args::Args;
use crate::error::{Eval, type_error, value_error};
use crate::interp::Interp;
use crate::syntax::ast::BinOp;
use crate::value::{Native, Py, as_int, instance, int, native_ref, type_name, view};

const SECOND: i128 = 1_000_000;
const DAY: i128 = 86_400 * SECOND;

/// A span of time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timedelta(pub i128);

impl Timedelta {
    pub fn days(self) -> i128 {
        self.0.div_euclid(DAY)
    }

    fn seconds(self) -> i128 {
        self.0.rem_euclid(DAY) / SECOND
    }

    fn micros(self) -> i128 {
        self.0.rem_euclid(SECOND)
    }

    pub fn from_seconds(seconds: i64) -> Self {
        Timedelta(i128::from(seconds) * SECOND)
    }
}

fn round(number: f64) -> i128 {
    number.round_ties_even() as i128
}

fn scale(value: &Value, unit: i128) -> Eval<i128> {
    match (as_int(value), view(value)) {
        (Some(number), _) => number.checked_mul(unit).ok_or_else(|| value_error("days out of range")),
        (None, Py::Float(number)) => Ok(round(number * unit as f64)),
        _ => Err(type_error(format!("unsupported type for timedelta component: {}", type_name(value)))),
    }
}

/// The class `timedelta`.
#[derive(Debug)]
pub(super) struct TimedeltaClass;

impl Native for TimedeltaClass {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn repr(&self) -> String {
        "<class 'datetime.timedelta'>".into()
    }

    fn callable(&self) -> bool {
        true
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        Some(construct(args))
    }
}

fn construct(args: &Args) -> Eval<Value> {
    let names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
    let units = [DAY, SECOND, 1, 1000, 60 * SECOND, 3600 * SECOND, 7 * DAY];
    let mut total: i128 = 0;
    for (value, unit) in args.bind("timedelta", names, 0)?.iter().zip(units) {
        if let Some(value) = value {
            total = i128::saturating_add(total, scale(value, unit)?);
        }
    }
    if (total / DAY).abs() > 999_999_999 {
        return Err(value_error(format!("days={}; must have magnitude <= 999999999", total / DAY)));
    }
    Ok(instance(Timedelta(total)))
}

impl Native for Timedelta {
    fn type_name(&self) -> &'static str {
        "datetime.timedelta"
    }

    fn repr(&self) -> String {
        let parts = [("days", self.days()), ("seconds", self.seconds()), ("microseconds", self.micros())];
        let parts: Vec<String> =
            parts.iter().filter(|(_, value)| *value != 0).map(|(name, value)| format!("{name}={value}")).collect();
        format!("datetime.timedelta({})", if parts.is_empty() { "0".into() } else { parts.join(", ") })
    }

    fn text(&self) -> String {
        let days = match self.days() {
            0 => String::new(),
            days @ (1 | -1) => format!("{days} day, "),
            days => format!("{days} days, "),
        };
        let seconds = self.seconds();
        let micros = if self.micros() == 0 { String::new() } else { format!(".{:06}", self.micros()) };
        format!("{days}{}:{:02}:{:02}{micros}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    fn truthy(&self) -> bool {
        self.0 != 0
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "days" => Some(int(self.days())),
            "seconds" => Some(int(self.seconds())),
            "microseconds" => Some(int(self.micros())),
            _ => None,
        }
    }

    fn methods(&self) -> &'static [&'static str] {
        &["total_seconds"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        (name == "total_seconds").then(|| args.nothing(name).map(|()| Value::from(self.0 as f64 / SECOND as f64)))
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        other.downcast::<Timedelta>().map(|other| self == other)
    }

    fn compare(&self, other: &dyn Native) -> Option<Ordering> {
        other.downcast::<Timedelta>().map(|other| self.0.cmp(&other.0))
    }

    fn negate(&self) -> Option<Value> {
        Some(instance(Timedelta(-self.0)))
    }

    fn binary(&self, op: BinOp, other: &Value, reflected: bool) -> Option<Eval<Value>> {
        if let Some(other) = native_ref::<Timedelta>(other) {
            let (a, b) = if reflected { (other.0, self.0) } else { (self.0, other.0) };
            return both(op, a, b);
        }
        let number = as_int(other);
        let result = match (op, number, view(other)) {
            (BinOp::Mul, Some(number), _) => self.0.saturating_mul(number),
            (BinOp::Mul, None, Py::Float(number)) => round(self.0 as f64 * number),
            _ if reflected => return None,
            (BinOp::Div | BinOp::FloorDiv, Some(0), _) => return Some(Err(value_error("division by zero"))),
            (BinOp::Div, Some(number), _) => round(self.0 as f64 / number as f64),
            (BinOp::FloorDiv, Some(number), _) => self.0.div_euclid(number),
            (BinOp::Div, None, Py::Float(number)) if number != 0.0 => round(self.0 as f64 / number),
            _ => return None,
        };
        Some(Ok(instance(Timedelta(result))))
    }
}

fn both(op: BinOp, a: i128, b: i128) -> Option<Eval<Value>> {
    Some(Ok(match op {
        BinOp::Add => instance(Timedelta(a + b)),
        BinOp::Sub => instance(Timedelta(a - b)),
        BinOp::Div | BinOp::FloorDiv | BinOp::Mod if b == 0 => return Some(Err(value_error("division by zero"))),
        BinOp::Div => Value::from(a as f64 / b as f64),
        BinOp::FloorDiv => int(a.div_euclid(b)),
        BinOp::Mod => instance(Timedelta(a.rem_euclid(b))),
        BinOp::Mul | BinOp::Pow => return None,
    }))
}
