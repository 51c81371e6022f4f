//! Jinja2's tests (`is defined`, …).

use minijinja::Value;

use super::Context;
use crate::args::Args;
use crate::error::Eval;
use crate::syntax::ast::{BinOp, CmpOp};
use crate::value::{Native, Py, as_int, as_real, iterate, native_ref, ops, py_str, view};

pub(crate) type TestFn = fn(&mut Context<'_, '_, '_>, &Value, &Args) -> Eval<bool>;

/// The test of a name.
pub(crate) fn find(name: &str) -> Option<TestFn> {
    let test: TestFn = match name {
        "odd" => |_, value, args| remainder(value, args, "odd", 1),
        "even" => |_, value, args| remainder(value, args, "even", 0),
        "divisibleby" => divisibleby,
        "defined" => |_, value, args| plain(args, "defined", !matches!(view(value), Py::Undefined)),
        "undefined" => |_, value, args| plain(args, "undefined", matches!(view(value), Py::Undefined)),
        "filter" => |_, value, args| plain(args, "filter", super::find(value.as_str().unwrap_or_default()).is_some()),
        "test" => |_, value, args| plain(args, "test", find(value.as_str().unwrap_or_default()).is_some()),
        "none" => |_, value, args| plain(args, "none", value.is_none()),
        "boolean" => |_, value, args| plain(args, "boolean", matches!(view(value), Py::Bool(_))),
        "true" => |_, value, args| plain(args, "true", matches!(view(value), Py::Bool(true))),
        "false" => |_, value, args| plain(args, "false", matches!(view(value), Py::Bool(false))),
        "integer" => |_, value, args| plain(args, "integer", matches!(view(value), Py::Int(_))),
        "float" => |_, value, args| plain(args, "float", matches!(view(value), Py::Float(_))),
        "number" => number,
        "string" => |_, value, args| plain(args, "string", value.as_str().is_some()),
        "mapping" => |_, value, args| plain(args, "mapping", matches!(view(value), Py::Dict(_) | Py::Map(_))),
        "sequence" => sequence,
        "iterable" => |_, value, args| plain(args, "iterable", is_iterable(value)),
        "callable" => |_, value, args| plain(args, "callable", is_callable(value)),
        "lower" => |_, value, args| cased(value, args, "lower", char::is_lowercase),
        "upper" => |_, value, args| cased(value, args, "upper", char::is_uppercase),
        "escaped" => |_, _, args| plain(args, "escaped", false),
        "sameas" => sameas,
        "in" => |_, value, args| ops::contains(&args.one("in", "seq")?, value),
        "==" | "eq" | "equalto" => |_, value, args| compare(CmpOp::Eq, value, args),
        "!=" | "ne" => |_, value, args| compare(CmpOp::Ne, value, args),
        ">" | "gt" | "greaterthan" => |_, value, args| compare(CmpOp::Gt, value, args),
        ">=" | "ge" => |_, value, args| compare(CmpOp::Ge, value, args),
        "<" | "lt" | "lessthan" => |_, value, args| compare(CmpOp::Lt, value, args),
        "<=" | "le" => |_, value, args| compare(CmpOp::Le, value, args),
        _ => return None,
    };
    Some(test)
}

fn plain(args: &Args, name: &str, result: bool) -> Eval<bool> {
    args.none(&format!("test_{name}"))?;
    Ok(result)
}

fn modulo(value: &Value, divisor: &Value) -> Eval<Value> {
    ops::binary(BinOp::Mod, value, divisor)
}

fn remainder(value: &Value, args: &Args, name: &str, wanted: i64) -> Eval<bool> {
    args.none(&format!("test_{name}"))?;
    Ok(ops::equals(&modulo(value, &Value::from(2))?, &Value::from(wanted)))
}

fn divisibleby(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<bool> {
    let divisor = args.one("test_divisibleby", "num")?;
    Ok(ops::equals(&modulo(value, &divisor)?, &Value::from(0)))
}

fn number(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<bool> {
    plain(args, "number", as_int(value).is_some() || as_real(value).is_some())
}

fn sequence(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<bool> {
    let result = match view(value) {
        Py::Str(_) | Py::Bytes(_) | Py::List(_) | Py::Tuple(_) | Py::Dict(_) | Py::Seq(_) | Py::Map(_) => true,
        Py::Undefined => false,
        Py::Native(native) => {
            native.len().is_some() && native.item(&Value::from(0)).is_some() | (native.type_name() == "range")
        }
        _ => false,
    };
    plain(args, "sequence", result)
}

fn is_iterable(value: &Value) -> bool {
    match view(value) {
        Py::Native(native) => native.iterable(),
        _ => iterate(value).is_ok(),
    }
}

fn is_callable(value: &Value) -> bool {
    use crate::interp::{BoundMethod, DbtMacro, LocalMacro, NativeFn, Returner};
    match view(value) {
        Py::Native(native) => {
            let known = native_ref::<DbtMacro>(value).is_some()
                || native_ref::<LocalMacro>(value).is_some()
                || native_ref::<NativeFn>(value).is_some()
                || native_ref::<Returner>(value).is_some()
                || native_ref::<BoundMethod>(value).is_some();
            known || native.callable()
        }
        Py::Object(_) => true,
        Py::Undefined => true,
        _ => false,
    }
}

fn cased(value: &Value, args: &Args, name: &str, test: fn(char) -> bool) -> Eval<bool> {
    let text = py_str(value);
    let mut letters = text.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).peekable();
    plain(args, name, letters.peek().is_some() && letters.all(test))
}

fn sameas(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<bool> {
    let other = args.one("test_sameas", "other")?;
    Ok(match (view(value), view(&other)) {
        (Py::List(a), Py::List(b)) => std::ptr::eq(a, b),
        (Py::Dict(a), Py::Dict(b)) => std::ptr::eq(a, b),
        (Py::Set(a), Py::Set(b)) => std::ptr::eq(a, b),
        (Py::Native(a), Py::Native(b)) => {
            std::ptr::addr_eq(std::ptr::from_ref::<dyn Native>(a), std::ptr::from_ref::<dyn Native>(b))
        }
        (Py::Bool(a), Py::Bool(b)) => a == b,
        (Py::Bool(_), _) | (_, Py::Bool(_)) => false,
        (Py::Int(_), Py::Float(_)) | (Py::Float(_), Py::Int(_)) => false,
        _ => ops::equals(value, &other),
    })
}

fn compare(op: CmpOp, value: &Value, args: &Args) -> Eval<bool> {
    ops::comparison(op, value, &args.one("test", "other")?)
}
