//! Python's `pprint.pformat`: keys sorted, one item a line where a line is too long.

use minijinja::Value;

use super::Context;
use crate::args::Args;
use crate::error::Eval;
use crate::value::{Py, dict, iterate, list, ops, pairs, py_repr, tuple, type_name, view};

const WIDTH: usize = 80;

pub(super) fn pprint(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_pprint")?;
    let mut out = String::new();
    write(&mut out, &sorted(value)?, 0, 0)?;
    Ok(Value::from(out))
}

/// The same value with the keys of all its dicts in order.
fn sorted(value: &Value) -> Eval<Value> {
    let items = || iterate(value)?.map(|item| sorted(&item)).collect::<Eval<Vec<Value>>>();
    Ok(match view(value) {
        Py::Dict(_) => {
            let mut keyed = pairs(value).unwrap_or_default();
            let by_type = |value: &Value| Value::from(type_name(value));
            let mixed = ops::sort_by_key(&mut keyed.clone(), false).is_err();
            keyed = keyed.into_iter().map(|(key, item)| (key.clone(), tuple(vec![key, item]))).collect();
            if mixed {
                keyed.iter_mut().for_each(|(key, _)| *key = by_type(key));
            }
            ops::sort_by_key(&mut keyed, false)?;
            let mut items = Vec::with_capacity(keyed.len());
            for (_, pair) in keyed {
                let mut pair = iterate(&pair)?;
                let (key, item) = (pair.next().unwrap_or_default(), pair.next().unwrap_or_default());
                items.push((key, sorted(&item)?));
            }
            dict(items)
        }
        Py::List(_) => list(items()?),
        Py::Tuple(_) => tuple(items()?),
        _ => value.clone(),
    })
}

/// `indent` is the column where the value begins, `after` how much follows it on its line.
fn write(out: &mut String, value: &Value, indent: usize, after: usize) -> Eval<()> {
    let text = py_repr(value);
    if text.chars().count() + indent + after <= WIDTH {
        out.push_str(&text);
        return Ok(());
    }
    let separator = format!(",\n{}", " ".repeat(indent + 1));
    let brackets = match view(value) {
        Py::Dict(_) => ["{", "}"],
        Py::List(_) => ["[", "]"],
        Py::Tuple(_) => ["(", ")"],
        _ => {
            out.push_str(&text);
            return Ok(());
        }
    };
    let keyed = pairs(value);
    let items: Vec<(Option<Value>, Value)> = match keyed {
        Some(pairs) => pairs.into_iter().map(|(key, item)| (Some(key), item)).collect(),
        None => iterate(value)?.map(|item| (None, item)).collect(),
    };
    out.push_str(brackets[0]);
    for (index, (key, item)) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(&separator);
        }
        let key = key.as_ref().map_or_else(String::new, |key| format!("{}: ", py_repr(key)));
        out.push_str(&key);
        let is_last = index + 1 == items.len();
        write(out, item, indent + 1 + key.chars().count(), if is_last { after + 1 } else { 1 })?;
    }
    if items.len() == 1 && brackets[0] == "(" {
        out.push(',');
    }
    out.push_str(brackets[1]);
    Ok(())
}
