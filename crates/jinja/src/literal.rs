//! Python's `ast.literal_eval`.

use std::sync::Arc;

use minijinja::Value;

use crate::syntax::ast::{Expr, ExprKind, Stmt};
use crate::syntax::parser::parse_expression;
use crate::value::{Dict, Key, Map, Set, list, ops, tuple};

/// The value of a Python literal; `None` for everything else.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let text = text.trim_matches([' ', '\t']);
    if text.starts_with('{') && !text.contains(':') && text.len() > 2 {
        return set_literal(text);
    }
    let template = parse_expression("<literal>".into(), text.into()).ok()?;
    let [Stmt::Output(expr)] = &template.body[..] else { return None };
    evaluate(expr, &template.source)
}

fn set_literal(text: &str) -> Option<Value> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let source: Arc<str> = format!("[{inner}]").into();
    let template = parse_expression("<literal>".into(), source).ok()?;
    let [Stmt::Output(Expr { kind: ExprKind::List(items), .. })] = &template.body[..] else { return None };
    let items: Option<Vec<Value>> = items.iter().map(|item| evaluate(item, &template.source)).collect();
    Set::collect(items?).ok().map(Value::from_object)
}

fn evaluate(expr: &Expr, source: &str) -> Option<Value> {
    match &expr.kind {
        ExprKind::Const(value) => {
            // Python's own spellings only: Jinja also reads `true` and `none`.
            let written = source.get(expr.span.start as usize..expr.span.end as usize)?;
            (!matches!(written, "true" | "false" | "none")).then(|| value.clone())
        }
        ExprKind::List(items) => evaluate_all(items, source).map(list),
        ExprKind::Tuple(items) => evaluate_all(items, source).map(tuple),
        ExprKind::Dict(items) => {
            let map: Option<Map> = items
                .iter()
                .map(|(key, value)| Some((Key::new(evaluate(key, source)?).ok()?, evaluate(value, source)?)))
                .collect();
            Some(Value::from_object(Dict::from_map(map?)))
        }
        ExprKind::Neg(inner) => ops::negate(&number(inner, source)?).ok(),
        ExprKind::Pos(inner) => number(inner, source),
        _ => None,
    }
}

fn number(expr: &Expr, source: &str) -> Option<Value> {
    evaluate(expr, source).filter(Value::is_number)
}

fn evaluate_all(items: &[Expr], source: &str) -> Option<Vec<Value>> {
    items.iter().map(|item| evaluate(item, source)).collect()
}
