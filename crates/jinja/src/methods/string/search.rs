//! Searching and replacing in strings.

use minijinja::Value;

use crate::args::{Args, arguments, int_or, need_str};
use crate::error::{Eval, type_error, value_error};
use crate::value::{Dict, Py, as_int, int, type_name, view};

/// The part of a text between two character positions, and where it starts in characters and bytes.
fn window(text: &str, start: Option<Value>, end: Option<Value>) -> Eval<Option<(usize, &str)>> {
    let given = |bound: Option<Value>| bound.filter(|bound| !bound.is_none());
    let len = text.chars().count() as i128;
    let clamp = |at: i128| if at < 0 { (at + len).max(0) } else { at };
    let start = clamp(int_or(given(start), 0)?);
    let end = clamp(int_or(given(end), len)?).min(len);
    if start > end || start > len {
        return Ok(None);
    }
    let byte = |at: i128| text.char_indices().nth(at as usize).map_or(text.len(), |(byte, _)| byte);
    Ok(Some((start as usize, &text[byte(start)..byte(end)])))
}

pub(super) fn find(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let [needle, start, end] = args.bind(name, ["sub", "start", "end"], 1)?;
    let needle = needle.unwrap_or_default();
    let needle = needle.as_str().ok_or_else(|| type_error(format!("must be str, not {}", type_name(&needle))))?;
    let part = window(text, start, end)?;
    if name == "count" {
        let count = match part {
            Some((_, part)) if needle.is_empty() => part.chars().count() + 1,
            Some((_, part)) => part.matches(needle).count(),
            None => 0,
        };
        return Ok(Value::from(count));
    }
    let found = part.and_then(|(offset, part)| {
        let at = if name.starts_with('r') { part.rfind(needle) } else { part.find(needle) };
        at.map(|at| offset + part[..at].chars().count())
    });
    match found {
        Some(at) => Ok(int(at as i128)),
        None if name.ends_with("index") => Err(value_error("substring not found")),
        None => Ok(Value::from(-1)),
    }
}

pub(super) fn affix(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let [affix, start, end] = args.bind(name, ["affix", "start", "end"], 1)?;
    let affix = affix.unwrap_or_default();
    let Some((_, part)) = window(text, start, end)? else { return Ok(Value::from(false)) };
    let holds = |affix: &str| if name == "startswith" { part.starts_with(affix) } else { part.ends_with(affix) };
    let wrong =
        |value: &Value| type_error(format!("{name} first arg must be str or a tuple of str, not {}", type_name(value)));
    let result = match view(&affix) {
        Py::Str(affix) => holds(affix),
        Py::Tuple(items) => {
            let mut any = false;
            for item in items.iter() {
                any |= holds(item.as_str().ok_or_else(|| wrong(item))?);
            }
            any
        }
        _ => return Err(wrong(&affix)),
    };
    Ok(Value::from(result))
}

pub(super) fn replace(text: &str, args: &Args) -> Eval<Value> {
    let [old, new, count] = args.bind("replace", ["old", "new", "count"], 0)?;
    let (Some(old), Some(new)) = (old, new) else {
        return Err(arguments(format!("replace expected at least 2 arguments, got {}", args.pos.len())));
    };
    let old = need_str(&old, "replace() argument 1")?;
    let new = need_str(&new, "replace() argument 2")?;
    let count = int_or(count, -1)?;
    Ok(Value::from(match usize::try_from(count) {
        Ok(count) => text.replacen(old, new, count),
        Err(_) => text.replace(old, new),
    }))
}

pub(super) fn maketrans(args: &Args) -> Eval<Value> {
    let [from, to, delete] = args.bind("maketrans", ["x", "y", "z"], 1)?;
    let from = from.unwrap_or_default();
    let table = Dict::default();
    let Some(to) = to else {
        for (key, value) in crate::value::pairs(&from).unwrap_or_default() {
            let key = key.as_str().and_then(|key| key.chars().next()).map_or(key.clone(), |c| Value::from(c as u32));
            table.insert(key, value);
        }
        return Ok(Value::from_object(table));
    };
    let (from, to) = (need_str(&from, "maketrans() argument 1")?, need_str(&to, "maketrans() argument 2")?);
    if from.chars().count() != to.chars().count() {
        return Err(value_error("the first two maketrans arguments must have equal length"));
    }
    for (a, b) in from.chars().zip(to.chars()) {
        table.insert(a as u32, Value::from(b as u32));
    }
    for c in delete.as_ref().and_then(Value::as_str).unwrap_or_default().chars() {
        table.insert(c as u32, Value::from(()));
    }
    Ok(Value::from_object(table))
}

pub(super) fn translate(text: &str, args: &Args) -> Eval<Value> {
    let table = args.one("translate", "table")?;
    let Py::Dict(table) = view(&table) else {
        return Err(type_error(format!("'{}' object is not subscriptable", type_name(&table))));
    };
    let mut out = String::new();
    for c in text.chars() {
        match table.get(&Value::from(c as u32)) {
            None => out.push(c),
            Some(to) => match as_int(&to).and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32) {
                Some(to) => out.push(to),
                None => out.push_str(to.as_str().unwrap_or_default()),
            },
        }
    }
    Ok(Value::from(out))
}
