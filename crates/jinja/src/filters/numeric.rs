//! Filters for numbers.

use minijinja::Value;

use super::{Context, Path};
use crate::args::{Args, arguments, bool_or, int_or};
use crate::error::{Eval, type_error, value_error};
use crate::syntax::ast::BinOp;
use crate::value::number::{parse_float, parse_int, round_half_even};
use crate::value::{
    Decimal, Py, as_int, as_real, instance, int as make_int, iterate, native_ref, ops, type_name, undefined, view,
};

pub(super) fn abs(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("abs")?;
    match view(value) {
        Py::Float(number) => Ok(Value::from(number.abs())),
        Py::Undefined => Err(undefined(value).into()),
        Py::Native(native) if native.type_name() == "datetime.timedelta" => {
            let negated = ops::negate(value)?;
            let negative = ops::compare(value, &negated, "<")?.is_some_and(std::cmp::Ordering::is_lt);
            Ok(if negative { negated } else { value.clone() })
        }
        Py::Native(native) if native.downcast::<Decimal>().is_some() => {
            Ok(native.downcast::<Decimal>().map_or_else(Value::default, |number| instance(number.abs())))
        }
        _ => match as_int(value) {
            Some(number) => Ok(make_int(number.saturating_abs())),
            None => Err(type_error(format!("bad operand type for abs(): '{}'", type_name(value)))),
        },
    }
}

fn to_float(value: &Value) -> Option<f64> {
    match view(value) {
        Py::Str(text) => parse_float(text),
        _ => as_int(value).map(|number| number as f64).or_else(|| as_real(value)),
    }
}

pub(super) fn float(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [default] = args.bind("do_float", ["default"], 0)?;
    crate::value::defined(value)?;
    Ok(to_float(value).map_or_else(|| default.unwrap_or_else(|| Value::from(0.0)), Value::from))
}

pub(super) fn int(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [default, base] = args.bind("do_int", ["default", "base"], 0)?;
    crate::value::defined(value)?;
    let base = u32::try_from(int_or(base, 10)?).unwrap_or(10);
    let number = match view(value) {
        Py::Str(text) => parse_int(text, base),
        _ => as_int(value).or_else(|| native_ref::<Decimal>(value)?.trunc()),
    };
    let float = to_float(value).filter(|number| number.is_finite());
    if number.is_none() && float.is_some_and(|number| number.abs() >= 1e38) {
        return Err(value_error("integer is too large"));
    }
    let number = number.or_else(|| float.map(|number| number.trunc() as i128));
    Ok(number.map_or_else(|| default.unwrap_or_else(|| Value::from(0)), make_int))
}

pub(super) fn round(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [precision, method] = args.bind("do_round", ["precision", "method"], 0)?;
    let precision = i32::try_from(int_or(precision, 0)?).unwrap_or(0);
    let method = method.unwrap_or_else(|| Value::from("common"));
    let scale = 10f64.powi(precision);
    let method = method.as_str().unwrap_or_default();
    if !matches!(method, "common" | "ceil" | "floor") {
        return Err(arguments("method must be common, ceil or floor"));
    }
    crate::value::defined(value)?;
    if let (Some(number), "common") = (as_int(value), method) {
        return Ok(make_int(round_int(number, precision)));
    }
    if let (Some(number), "common") = (native_ref::<Decimal>(value), method) {
        return Ok(instance(number.round(precision)));
    }
    let Some(number) = to_float(value).filter(|_| value.as_str().is_none()) else {
        let name = type_name(value);
        return Err(type_error(match method {
            "common" => format!("type {name} doesn't define __round__ method"),
            _ => format!("must be real number, not {name}"),
        }));
    };
    Ok(Value::from(match method {
        "common" => round_half_even(number, precision),
        // Python's `ceil` and `floor` give integers, of which there is one zero.
        "ceil" => ((number * scale).ceil() + 0.0) / scale,
        _ => ((number * scale).floor() + 0.0) / scale,
    }))
}

/// Rounds to tens, hundreds, …: half to even.
fn round_int(number: i128, precision: i32) -> i128 {
    let Some(unit) = u32::try_from(-precision).ok().and_then(|power| 10i128.checked_pow(power)) else { return number };
    let (quotient, rest) = (number.div_euclid(unit), number.rem_euclid(unit));
    let up = rest > unit - rest || (rest == unit - rest && quotient % 2 != 0);
    (quotient + i128::from(up)).saturating_mul(unit)
}

pub(super) fn sum(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [attribute, start] = args.bind("sync_do_sum", ["attribute", "start"], 0)?;
    let path = Path::new(attribute.as_ref());
    let mut total = start.unwrap_or_else(|| Value::from(0));
    if total.as_str().is_some() {
        return Err(type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    for item in iterate(value)? {
        let item = path.get(interp, &item)?;
        total = ops::binary(BinOp::Add, &total, &item)?;
    }
    Ok(total)
}

pub(super) fn filesizeformat(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [binary] = args.bind("do_filesizeformat", ["binary"], 0)?;
    let binary = bool_or(binary, false);
    let bytes = to_float(value)
        .ok_or_else(|| value_error(format!("could not convert string to float: {}", crate::value::py_repr(value))))?;
    let (base, infix) = if binary { (1024.0, "iB") } else { (1000.0, "B") };
    if bytes == 1.0 {
        return Ok(Value::from("1 Byte"));
    }
    if bytes < base {
        return Ok(Value::from(format!("{} Bytes", bytes.trunc())));
    }
    let mut amount = bytes / base;
    let prefixes = [if binary { "K" } else { "k" }, "M", "G", "T", "P", "E", "Z", "Y"];
    let mut prefix = prefixes[0];
    for next in &prefixes[1..] {
        if amount < base {
            break;
        }
        amount /= base;
        prefix = next;
    }
    Ok(Value::from(format!("{amount:.1} {prefix}{infix}")))
}
