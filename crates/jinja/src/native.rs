//! dbt's native rendering: templates that make values instead of text.

use minijinja::Value;

use crate::error::{ErrorKind, Eval, raise};
use crate::interp::Out;
use crate::literal;
use crate::syntax::ast::{Expr, ExprKind};
use crate::value::{Native, Py, as_int, instance, native_ref, py_str, view};

/// What the filters `as_text`, `as_bool`, `as_number` and `as_native` leave behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkerKind {
    Text,
    Bool,
    Number,
    Native,
}

/// Text marked for conversion.
#[derive(Debug)]
struct Marker {
    kind: MarkerKind,
    text: String,
}

impl Native for Marker {
    fn type_name(&self) -> &'static str {
        "str"
    }

    fn repr(&self) -> String {
        crate::value::py_repr(&Value::from(self.text.as_str()))
    }

    fn text(&self) -> String {
        self.text.clone()
    }

    fn truthy(&self) -> bool {
        !self.text.is_empty()
    }
}

/// Marks a value for conversion at the end of a native render.
pub(crate) fn mark(value: &Value, kind: MarkerKind) -> Value {
    instance(Marker { kind, text: py_str(value) })
}

/// The value of a native render.
pub(crate) fn concat(out: Out) -> Eval<Value> {
    let mut pieces = match out {
        Out::Native(pieces) => pieces,
        Out::Text(text) => return Ok(Value::from(text)),
    };
    match pieces.len() {
        0 => Ok(Value::from("")),
        1 => convert(pieces.remove(0)),
        _ => Ok(Value::from(pieces.iter().map(py_str).collect::<String>())),
    }
}

fn convert(value: Value) -> Eval<Value> {
    let Some(marker) = native_ref::<Marker>(&value) else { return Ok(value) };
    let text = &marker.text;
    if marker.kind == MarkerKind::Text {
        return Ok(Value::from(text.as_str()));
    }
    let result = literal::parse(text).unwrap_or_else(|| Value::from(text.as_str()));
    let is_bool = matches!(view(&result), Py::Bool(_));
    let is_number = !is_bool && (as_int(&result).is_some() || matches!(view(&result), Py::Float(_)));
    let expected = match marker.kind {
        MarkerKind::Bool if !is_bool => "bool",
        MarkerKind::Number if !is_number => "number",
        _ => return Ok(result),
    };
    Err(raise(ErrorKind::Value, format!("Could not convert value '{text}' into type '{expected}'")))
}

/// Filters that Jinja2 calls with the context, so that it can't know their result while it compiles.
const WITH_CONTEXT: [&str; 6] = ["map", "random", "reject", "rejectattr", "select", "selectattr"];

/// Whether Jinja2 computes the expression while it compiles, after which it is text.
pub(crate) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) => true,
        ExprKind::List(items) | ExprKind::Tuple(items) | ExprKind::Concat(items) => items.iter().all(is_constant),
        ExprKind::Dict(items) => items.iter().all(|(key, value)| is_constant(key) && is_constant(value)),
        ExprKind::Not(inner) | ExprKind::Neg(inner) | ExprKind::Pos(inner) | ExprKind::Attr(inner, _) => {
            is_constant(inner)
        }
        ExprKind::Item(a, b) => is_constant(a) && is_constant(b),
        ExprKind::Binary(_, pair) | ExprKind::And(pair) | ExprKind::Or(pair) => {
            is_constant(&pair.0) && is_constant(&pair.1)
        }
        ExprKind::Compare(first, rest) => is_constant(first) && rest.iter().all(|(_, expr)| is_constant(expr)),
        ExprKind::Cond(cond) => {
            is_constant(&cond.test) && is_constant(&cond.yes) && cond.no.as_ref().is_some_and(is_constant)
        }
        // The marked text of a conversion must survive, and what is called with the context is not computed early.
        ExprKind::Filter(call) if call.name.starts_with("as_") || WITH_CONTEXT.contains(&&*call.name) => false,
        ExprKind::Filter(call) => call.target.as_ref().is_some_and(is_constant) && constant_args(&call.args),
        ExprKind::Test(call) => is_constant(&call.target) && constant_args(&call.args),
        ExprKind::Slice(slice) => {
            let parts = [&slice.start, &slice.stop, &slice.step];
            is_constant(&slice.target) && parts.into_iter().flatten().all(is_constant)
        }
        ExprKind::Name(_) | ExprKind::Call(_) => false,
    }
}

fn constant_args(args: &crate::syntax::ast::CallArgs) -> bool {
    args.args.iter().all(is_constant)
        && args.kwargs.iter().all(|(_, expr)| is_constant(expr))
        && args.star.as_ref().is_none_or(is_constant)
        && args.double_star.as_ref().is_none_or(is_constant)
}
