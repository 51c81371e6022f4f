//! Python's operators.

use std::cmp::Ordering;

use minijinja::Value;

use super::decimal;
use super::dict::{Dict, Key};
use super::iter::{collect, defined, iterate};
use super::{Py, Set, as_int, int, list, pairs, tuple, type_name, view};
use crate::error::{ErrorKind, Eval, raise, type_error, value_error};
use crate::format::percent;
use crate::syntax::ast::{BinOp, CmpOp};

/// The largest string or list that a repetition may make.
const MAX_REPEAT: usize = 100_000_000;

impl BinOp {
    pub fn symbol(self) -> &'static str {
        match self {
            BinOp::Add => "+",
            BinOp::Sub => "-",
            BinOp::Mul => "*",
            BinOp::Div => "/",
            BinOp::FloorDiv => "//",
            BinOp::Mod => "%",
            BinOp::Pow => "**",
        }
    }
}

/// `a op b`.
pub(crate) fn binary(op: BinOp, a: &Value, b: &Value) -> Eval<Value> {
    if let (Some(x), Some(y)) = (as_int(a), as_int(b)) {
        return int_binary(op, x, y);
    }
    if let (Py::Str(text), BinOp::Mod) = (view(a), op) {
        return percent::format(text, b).map(Value::from);
    }
    defined(a)?;
    defined(b)?;
    if let (Some(x), Some(y)) = (as_float(a), as_float(b)) {
        return float_binary(op, x, y);
    }
    if let Some(result) = native_binary(op, a, b) {
        return result;
    }
    let result = match op {
        BinOp::Add => add(a, b)?,
        BinOp::Mul => repeat(a, b)?,
        BinOp::Sub => match (view(a), view(b)) {
            (Py::Set(left), Py::Set(right)) => {
                Some(Value::from_object(Set::collect(left.items().into_iter().filter(|item| !right.contains(item)))?))
            }
            _ => None,
        },
        _ => None,
    };
    result.ok_or_else(|| unsupported(op, a, b))
}

fn native_binary(op: BinOp, a: &Value, b: &Value) -> Option<Eval<Value>> {
    if let Py::Native(native) = view(a)
        && let Some(result) = native.binary(op, b, false)
    {
        return Some(result);
    }
    match view(b) {
        Py::Native(native) => native.binary(op, a, true),
        _ => None,
    }
}

fn unsupported(op: BinOp, a: &Value, b: &Value) -> Box<crate::error::Signal> {
    let (left, right) = (type_name(a), type_name(b));
    let message = match (op, left) {
        (BinOp::Add, "str" | "list" | "tuple") => format!("can only concatenate {left} (not \"{right}\") to {left}"),
        (BinOp::Mul, _) if matches!(left, "str" | "list" | "tuple") => {
            format!("can't multiply sequence by non-int of type '{right}'")
        }
        (BinOp::Mul, _) if matches!(right, "str" | "list" | "tuple") => {
            format!("can't multiply sequence by non-int of type '{left}'")
        }
        (BinOp::Pow, _) => format!("unsupported operand type(s) for ** or pow(): '{left}' and '{right}'"),
        _ => format!("unsupported operand type(s) for {}: '{left}' and '{right}'", op.symbol()),
    };
    type_error(message)
}

fn as_float(value: &Value) -> Option<f64> {
    match view(value) {
        Py::Float(number) => Some(number),
        Py::Int(number) => Some(number as f64),
        Py::Bool(flag) => Some(f64::from(u8::from(flag))),
        _ => None,
    }
}

fn overflow() -> Box<crate::error::Signal> {
    raise(ErrorKind::Value, "integer is too large")
}

fn int_binary(op: BinOp, a: i128, b: i128) -> Eval<Value> {
    let result = match op {
        BinOp::Add => a.checked_add(b),
        BinOp::Sub => a.checked_sub(b),
        BinOp::Mul => a.checked_mul(b),
        BinOp::Div => {
            return if b == 0 { Err(value_error("division by zero")) } else { Ok(Value::from(a as f64 / b as f64)) };
        }
        BinOp::FloorDiv if b == 0 => return Err(value_error("integer division or modulo by zero")),
        BinOp::Mod if b == 0 => return Err(value_error("integer modulo by zero")),
        BinOp::FloorDiv => {
            a.checked_div(b).map(|quotient| if (a % b != 0) && ((a < 0) != (b < 0)) { quotient - 1 } else { quotient })
        }
        BinOp::Mod => a.checked_rem(b).map(|rest| if rest != 0 && ((rest < 0) != (b < 0)) { rest + b } else { rest }),
        BinOp::Pow if b < 0 => return float_binary(op, a as f64, b as f64),
        BinOp::Pow => u32::try_from(b).ok().and_then(|exponent| a.checked_pow(exponent)),
    };
    result.map(int).ok_or_else(overflow)
}

fn float_binary(op: BinOp, a: f64, b: f64) -> Eval<Value> {
    let result = match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div if b == 0.0 => return Err(value_error("float division by zero")),
        BinOp::Div => a / b,
        BinOp::FloorDiv if b == 0.0 => return Err(value_error("float floor division by zero")),
        BinOp::FloorDiv => floor_divide(a, b),
        BinOp::Mod if b == 0.0 => return Err(value_error("float modulo")),
        BinOp::Mod => modulo(a, b),
        BinOp::Pow if a == 0.0 && b < 0.0 => {
            return Err(value_error("0.0 cannot be raised to a negative power"));
        }
        BinOp::Pow => a.powf(b),
    };
    Ok(Value::from(result))
}

fn modulo(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if rest == 0.0 {
        0f64.copysign(b)
    } else if (rest < 0.0) != (b < 0.0) {
        rest + b
    } else {
        rest
    }
}

fn floor_divide(a: f64, b: f64) -> f64 {
    let quotient = (a - modulo(a, b)) / b;
    let floored = quotient.floor();
    let whole = if quotient - floored > 0.5 { floored + 1.0 } else { floored };
    if whole == 0.0 { 0f64.copysign(a / b) } else { whole }
}

fn is_list(value: &Value) -> bool {
    matches!(view(value), Py::List(_) | Py::Seq(_))
}

fn add(a: &Value, b: &Value) -> Eval<Option<Value>> {
    if let (Some(x), Some(y)) = (a.as_str(), b.as_str()) {
        return Ok(Some(Value::from([x, y].concat())));
    }
    if is_list(a) && is_list(b) {
        let mut items = collect(a)?;
        items.extend(collect(b)?);
        return Ok(Some(list(items)));
    }
    Ok(match (view(a), view(b)) {
        (Py::Tuple(x), Py::Tuple(y)) => Some(tuple(x.iter().chain(y.iter()).cloned().collect())),
        _ => None,
    })
}

fn repeat(a: &Value, b: &Value) -> Eval<Option<Value>> {
    let (sequence, count) = match (as_int(a), as_int(b)) {
        (None, Some(count)) => (a, count),
        (Some(count), None) => (b, count),
        _ => return Ok(None),
    };
    let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
    let fits = |len: usize| match len.checked_mul(count) {
        Some(total) if total <= MAX_REPEAT => Ok(()),
        _ => Err(raise(ErrorKind::Limit, "repeated sequence is too large")),
    };
    let cycle = |items: Vec<Value>| -> Eval<Vec<Value>> {
        fits(items.len())?;
        Ok(items.iter().cycle().take(items.len() * count).cloned().collect())
    };
    Ok(match view(sequence) {
        Py::Str(text) => {
            fits(text.len())?;
            Some(Value::from(text.repeat(count)))
        }
        Py::List(_) | Py::Seq(_) => Some(list(cycle(collect(sequence)?)?)),
        Py::Tuple(items) => Some(tuple(cycle(items.to_vec())?)),
        _ => None,
    })
}

/// `-value`.
pub(crate) fn negate(value: &Value) -> Eval<Value> {
    defined(value)?;
    match view(value) {
        Py::Float(number) => return Ok(Value::from(-number)),
        Py::Native(native) => {
            if let Some(result) = native.negate() {
                return Ok(result);
            }
        }
        _ => {
            if let Some(number) = as_int(value) {
                return number.checked_neg().map(int).ok_or_else(overflow);
            }
        }
    }
    Err(type_error(format!("bad operand type for unary -: '{}'", type_name(value))))
}

/// `+value`.
pub(crate) fn positive(value: &Value) -> Eval<Value> {
    defined(value)?;
    match (as_int(value), view(value)) {
        (Some(number), _) => Ok(int(number)),
        (None, Py::Float(_)) => Ok(value.clone()),
        _ => Err(type_error(format!("bad operand type for unary +: '{}'", type_name(value)))),
    }
}

/// `a == b`, as Python has it.
pub fn equals(a: &Value, b: &Value) -> bool {
    if let (Some(x), Some(y)) = (a.as_str(), b.as_str()) {
        return x == y;
    }
    if let Some(order) = compare_numbers(a, b) {
        return order == Some(Ordering::Equal);
    }
    if same_object(a, b) {
        return true;
    }
    match (view(a), view(b)) {
        (Py::None, Py::None) | (Py::Undefined, Py::Undefined) => true,
        (Py::Bytes(x), Py::Bytes(y)) => x == y,
        (Py::Tuple(x), Py::Tuple(y)) => all_equal(x, y),
        (Py::List(_) | Py::Seq(_), Py::List(_) | Py::Seq(_)) => match (collect(a), collect(b)) {
            (Ok(x), Ok(y)) => all_equal(&x, &y),
            _ => false,
        },
        (Py::Dict(_) | Py::Map(_), Py::Dict(_) | Py::Map(_)) => equal_dicts(a, b),
        (Py::Set(x), Py::Set(y)) => x.len() == y.len() && x.items().iter().all(|item| y.contains(item)),
        (Py::Native(x), Py::Native(y)) => x.equals(y).unwrap_or(false),
        (Py::Object(_) | Py::Map(_), Py::Object(_) | Py::Map(_)) => a == b,
        _ => false,
    }
}

fn same_object(a: &Value, b: &Value) -> bool {
    match (view(a), view(b)) {
        (Py::List(x), Py::List(y)) => std::ptr::eq(x, y),
        (Py::Dict(x), Py::Dict(y)) => std::ptr::eq(x, y),
        (Py::Set(x), Py::Set(y)) => std::ptr::eq(x, y),
        (Py::Native(x), Py::Native(y)) => std::ptr::addr_eq(x, y),
        _ => false,
    }
}

fn all_equal(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| equals(x, y))
}

fn equal_dicts(a: &Value, b: &Value) -> bool {
    let (Some(x), Some(y)) = (pairs(a), pairs(b)) else { return a == b };
    let right: Dict = y.into_iter().collect();
    x.len() == right.len() && x.iter().all(|(key, value)| right.get(key).is_some_and(|other| equals(value, &other)))
}

/// The order of two numbers; `Some(None)` when one is not a number in the sense of IEEE.
fn compare_numbers(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    if let (Some(x), Some(y)) = (as_int(a), as_int(b)) {
        return Some(Some(x.cmp(&y)));
    }
    if let Some(order) = decimal::compare(a, b) {
        return Some(order);
    }
    Some(as_float(a)?.partial_cmp(&as_float(b)?))
}

/// The order of two values, or Python's complaint that they have none.
pub(crate) fn compare(a: &Value, b: &Value, symbol: &str) -> Eval<Option<Ordering>> {
    if let (Some(x), Some(y)) = (a.as_str(), b.as_str()) {
        return Ok(Some(x.cmp(y)));
    }
    if let Some(order) = compare_numbers(a, b) {
        return Ok(order);
    }
    defined(a)?;
    defined(b)?;
    match (view(a), view(b)) {
        (Py::List(_) | Py::Seq(_), Py::List(_) | Py::Seq(_)) => compare_items(&collect(a)?, &collect(b)?, symbol),
        (Py::Tuple(x), Py::Tuple(y)) => compare_items(x, y, symbol),
        (x, y) if is_tuple(&x) && is_tuple(&y) => compare_items(&collect(a)?, &collect(b)?, symbol),
        (Py::Set(x), Py::Set(y)) => Ok(compare_sets(x, y)),
        (Py::Bytes(x), Py::Bytes(y)) => Ok(Some(x.cmp(y))),
        (Py::Native(x), Py::Native(y)) => x.compare(y).map(Some).ok_or_else(|| unordered(a, b, symbol)),
        (Py::Object(x), Py::Object(y)) => Ok(x.custom_cmp(y)),
        _ => Err(unordered(a, b, symbol)),
    }
}

/// Also a tuple with named parts, such as the groups of `groupby`.
fn is_tuple(value: &Py<'_>) -> bool {
    match value {
        Py::Tuple(_) => true,
        Py::Native(native) => native.type_name() == "tuple",
        _ => false,
    }
}

fn unordered(a: &Value, b: &Value, symbol: &str) -> Box<crate::error::Signal> {
    type_error(format!("'{symbol}' not supported between instances of '{}' and '{}'", type_name(a), type_name(b)))
}

fn compare_items(a: &[Value], b: &[Value], symbol: &str) -> Eval<Option<Ordering>> {
    match a.iter().zip(b).find(|(x, y)| !equals(x, y)) {
        Some((x, y)) => compare(x, y, symbol),
        None => Ok(Some(a.len().cmp(&b.len()))),
    }
}

fn compare_sets(a: &Set, b: &Set) -> Option<Ordering> {
    let subset = |x: &Set, y: &Set| x.items().iter().all(|item| y.contains(item));
    match (subset(a, b), subset(b, a)) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Less),
        (false, true) => Some(Ordering::Greater),
        (false, false) => None,
    }
}

/// `a op b` for the comparisons.
pub(crate) fn comparison(op: CmpOp, a: &Value, b: &Value) -> Eval<bool> {
    Ok(match op {
        CmpOp::Eq => equals(a, b),
        CmpOp::Ne => !equals(a, b),
        CmpOp::Lt => compare(a, b, "<")?.is_some_and(Ordering::is_lt),
        CmpOp::Le => compare(a, b, "<=")?.is_some_and(Ordering::is_le),
        CmpOp::Gt => compare(a, b, ">")?.is_some_and(Ordering::is_gt),
        CmpOp::Ge => compare(a, b, ">=")?.is_some_and(Ordering::is_ge),
        CmpOp::In => contains(b, a)?,
        CmpOp::NotIn => !contains(b, a)?,
    })
}

/// `item in container`.
pub(crate) fn contains(container: &Value, item: &Value) -> Eval<bool> {
    match view(container) {
        Py::Str(text) => match item.as_str() {
            Some(part) => Ok(text.contains(part)),
            None => {
                defined(item)?;
                Err(type_error(format!("'in <string>' requires string as left operand, not {}", type_name(item))))
            }
        },
        Py::Dict(dict) => {
            Key::new(item.clone())?;
            Ok(dict.get(item).is_some())
        }
        Py::Set(set) => {
            Key::new(item.clone())?;
            Ok(set.contains(item))
        }
        Py::Map(object) => Ok(object.get_value(item).is_some_and(|found| !found.is_undefined())),
        Py::Native(native) if native.contains(item).is_some() => Ok(native.contains(item).unwrap_or(false)),
        Py::None | Py::Bool(_) | Py::Int(_) | Py::Float(_) => {
            Err(type_error(format!("argument of type '{}' is not iterable", type_name(container))))
        }
        _ => Ok(iterate(container)?.any(|candidate| equals(&candidate, item))),
    }
}

/// Sorts as Python does: stable, and an error when two items have no order.
pub(crate) fn sort_by_key(items: &mut [(Value, Value)], reverse: bool) -> Eval<()> {
    let mut failure = None;
    items.sort_by(|(a, _), (b, _)| {
        if failure.is_some() {
            return Ordering::Equal;
        }
        let order = compare(a, b, "<").unwrap_or_else(|error| {
            failure = Some(error);
            None
        });
        let order = order.unwrap_or(Ordering::Equal);
        if reverse { order.reverse() } else { order }
    });
    failure.map_or(Ok(()), Err)
}
