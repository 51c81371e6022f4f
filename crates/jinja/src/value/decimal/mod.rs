//! Python's `decimal.Decimal`: the exact numbers of query results.

mod arithmetic;

use std::cmp::Ordering;

use minijinja::Value;

use super::{Native, as_int, instance, int, native_ref};
use crate::args::Args;
use crate::error::{Eval, value_error};
use crate::interp::Interp;
use crate::syntax::ast::BinOp;

/// A decimal number: `coefficient × 10^exponent`, or no number at all.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decimal {
    Finite { coefficient: i128, exponent: i32 },
    Special(f64),
}

/// How many digits results of arithmetic keep.
const PRECISION: u32 = 28;

/// A decimal number from its text, all digits kept: `12.30`, `1e+16`, `nan`.
pub fn decimal(text: &str) -> Option<Value> {
    Decimal::parse(text).map(instance)
}

/// How many digits a decimal has behind the point, zeros at the end not counted.
pub fn decimal_places(value: &Value) -> usize {
    match native_ref::<Decimal>(value).map(|number| number.normalize()) {
        Some(Decimal::Finite { exponent, .. }) => usize::try_from(-exponent).unwrap_or(0),
        _ => 0,
    }
}

/// A decimal with so many digits behind the point, as text; `None` for what is no finite decimal.
pub fn decimal_text(value: &Value, places: usize) -> Option<String> {
    let number = native_ref::<Decimal>(value).filter(|number| matches!(number, Decimal::Finite { .. }))?;
    Some(number.round(i32::try_from(places).ok()?).written())
}

/// The number that a decimal or a float is.
pub(crate) fn as_real(value: &Value) -> Option<f64> {
    match super::view(value) {
        super::Py::Float(number) => Some(number),
        _ => native_ref::<Decimal>(value).map(|d| d.to_f64()),
    }
}

impl Decimal {
    pub fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        if let Some(special) = text.parse::<f64>().ok().filter(|f| !f.is_finite())
            && text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'))
        {
            return Some(Decimal::Special(special));
        }
        let (number, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let coefficient = format!("{whole}{fraction}").parse().ok()?;
        let exponent = power.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        Some(Decimal::Finite { coefficient, exponent })
    }

    fn from_value(value: &Value) -> Option<Decimal> {
        let whole = || as_int(value).map(|coefficient| Decimal::Finite { coefficient, exponent: 0 });
        native_ref::<Decimal>(value).copied().or_else(whole)
    }

    pub fn to_f64(self) -> f64 {
        match self {
            Decimal::Finite { coefficient, exponent } => {
                format!("{coefficient}e{exponent}").parse().unwrap_or(f64::NAN)
            }
            Decimal::Special(number) => number,
        }
    }

    /// The whole number before the point.
    pub fn trunc(self) -> Option<i128> {
        match self {
            Decimal::Finite { coefficient, exponent } if exponent >= 0 => {
                coefficient.checked_mul(10i128.checked_pow(exponent.unsigned_abs())?)
            }
            Decimal::Finite { coefficient, exponent } => {
                Some(10i128.checked_pow(exponent.unsigned_abs()).map_or(0, |unit| coefficient / unit))
            }
            Decimal::Special(_) => None,
        }
    }

    /// The number with so many digits behind the point, half to even.
    pub fn round(self, digits: i32) -> Decimal {
        match self {
            Decimal::Finite { coefficient, exponent } => {
                let wanted = -digits;
                let coefficient = if exponent > wanted {
                    10i128.checked_pow(exponent.abs_diff(wanted)).and_then(|unit| coefficient.checked_mul(unit))
                } else {
                    Some(arithmetic::divide_even(coefficient, wanted.abs_diff(exponent), false))
                };
                coefficient.map_or(self, |coefficient| Decimal::Finite { coefficient, exponent: wanted })
            }
            Decimal::Special(_) => self,
        }
    }

    /// Without zeros at its end.
    fn normalize(self) -> Decimal {
        match self {
            Decimal::Finite { coefficient: 0, .. } => Decimal::Finite { coefficient: 0, exponent: 0 },
            Decimal::Finite { mut coefficient, mut exponent } => {
                while coefficient % 10 == 0 {
                    coefficient /= 10;
                    exponent += 1;
                }
                Decimal::Finite { coefficient, exponent }
            }
            Decimal::Special(_) => self,
        }
    }

    fn written(self) -> String {
        let (coefficient, exponent) = match self {
            Decimal::Finite { coefficient, exponent } => (coefficient, exponent),
            Decimal::Special(number) if number.is_nan() => return "NaN".to_owned(),
            Decimal::Special(number) => return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        };
        let sign = if coefficient < 0 { "-" } else { "" };
        let digits = coefficient.unsigned_abs().to_string();
        let left = exponent + digits.len() as i32;
        let point = if exponent <= 0 && left > -6 { left } else { 1 };
        let (whole, fraction) = match usize::try_from(point) {
            Ok(point) if point > 0 && point < digits.len() => {
                (digits[..point].to_owned(), format!(".{}", &digits[point..]))
            }
            Ok(point) if point > 0 => (digits.clone() + &"0".repeat(point - digits.len()), String::new()),
            _ => ("0".to_owned(), format!(".{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
        };
        let power = if left == point { String::new() } else { format!("E{:+}", left - point) };
        format!("{sign}{whole}{fraction}{power}")
    }

    fn compare_to(self, other: Decimal) -> Option<Ordering> {
        let (Decimal::Finite { coefficient: a, exponent: x }, Decimal::Finite { coefficient: b, exponent: y }) =
            (self.normalize(), other.normalize())
        else {
            return self.to_f64().partial_cmp(&other.to_f64());
        };
        match arithmetic::aligned((a, x), (b, y)) {
            Some((a, b, _)) => Some(a.cmp(&b)),
            None => self.to_f64().partial_cmp(&other.to_f64()),
        }
    }

    /// What the number has in common with other numbers of the same value, for keys of dicts.
    pub fn hash_key(self) -> Value {
        match (self.normalize(), self.trunc()) {
            (Decimal::Finite { exponent, .. }, Some(whole)) if exponent >= 0 => int(whole),
            _ => Value::from(self.to_f64()),
        }
    }
}

/// The order of two numbers of which one is a decimal; `Some(None)` when one is not a number.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    match (native_ref::<Decimal>(a), native_ref::<Decimal>(b)) {
        (None, None) => None,
        _ => match (Decimal::from_value(a), Decimal::from_value(b)) {
            (Some(a), Some(b)) => Some(a.compare_to(b)),
            _ => Some(as_real(a)?.partial_cmp(&as_real(b)?)),
        },
    }
}

impl Native for Decimal {
    fn type_name(&self) -> &'static str {
        "decimal.Decimal"
    }

    fn repr(&self) -> String {
        format!("Decimal('{}')", self.written())
    }

    fn text(&self) -> String {
        self.written()
    }

    fn truthy(&self) -> bool {
        !matches!(self, Decimal::Finite { coefficient: 0, .. })
    }

    fn methods(&self) -> &'static [&'static str] {
        &["is_nan", "is_finite", "is_signed", "normalize", "to_integral_value", "copy_abs", "quantize", "as_tuple"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        Some(match name {
            "is_nan" => args.nothing(name).map(|()| Value::from(self.to_f64().is_nan())),
            "is_finite" => args.nothing(name).map(|()| Value::from(matches!(self, Decimal::Finite { .. }))),
            "is_signed" => args.nothing(name).map(|()| Value::from(self.to_f64().is_sign_negative())),
            "normalize" => args.nothing(name).map(|()| instance(self.normalize())),
            "to_integral_value" => args.nothing(name).map(|()| instance(self.round(0))),
            "as_tuple" => args.nothing(name).map(|()| self.as_tuple()),
            "copy_abs" => args.nothing(name).map(|()| instance(self.abs())),
            "quantize" => args.exactly_one("quantize").and_then(|unit| match native_ref::<Decimal>(&unit) {
                Some(Decimal::Finite { exponent, .. }) => Ok(instance(self.round(-exponent))),
                _ => Err(value_error("quantize() takes a decimal")),
            }),
            _ => return None,
        })
    }

    fn binary(&self, op: BinOp, other: &Value, reflected: bool) -> Option<Eval<Value>> {
        let other = Decimal::from_value(other)?;
        let (a, b) = if reflected { (other, *self) } else { (*self, other) };
        Some(arithmetic::binary(op, a, b).map(instance))
    }

    fn negate(&self) -> Option<Value> {
        Some(instance(match *self {
            Decimal::Finite { coefficient, exponent } => Decimal::Finite { coefficient: -coefficient, exponent },
            Decimal::Special(number) => Decimal::Special(-number),
        }))
    }
}

impl Decimal {
    /// Its sign, its digits and its exponent.
    fn as_tuple(self) -> Value {
        let (sign, digits, exponent) = match self {
            Decimal::Finite { coefficient, exponent } => {
                (coefficient < 0, coefficient.unsigned_abs().to_string(), Value::from(exponent))
            }
            Decimal::Special(number) if number.is_nan() => (false, String::new(), Value::from("n")),
            Decimal::Special(number) => (number < 0.0, "0".to_owned(), Value::from("F")),
        };
        let digits = digits.bytes().map(|digit| Value::from(i64::from(digit - b'0'))).collect();
        crate::tuple(vec![Value::from(i64::from(sign)), crate::tuple(digits), exponent])
    }

    pub fn abs(self) -> Decimal {
        match self {
            Decimal::Finite { coefficient, exponent } => Decimal::Finite { coefficient: coefficient.abs(), exponent },
            Decimal::Special(number) => Decimal::Special(number.abs()),
        }
    }
}
