//! Methods of lists and tuples.

use minijinja::Value;

use crate::args::{Args, arguments, bool_or, int_or, need_int};
use crate::error::{Eval, value_error};
use crate::interp::Interp;
use crate::value::{List, collect, int, list, ops, py_repr};

pub(super) const LIST_NAMES: &[&str] =
    &["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"];
pub(super) const TUPLE_NAMES: &[&str] = &["count", "index"];

fn none() -> Value {
    Value::from(())
}

pub(super) fn call(interp: &mut Interp<'_, '_, '_>, items: &List, name: &str, args: &Args) -> Option<Eval<Value>> {
    Some(match name {
        "append" => args.exactly_one(&format!("list.{name}")).map(|item| {
            items.push(item);
            none()
        }),
        "extend" => args.exactly_one(&format!("list.{name}")).and_then(|iterable| {
            let more = collect(&iterable)?;
            items.lock().extend(more);
            Ok(none())
        }),
        "insert" => insert(items, args),
        "pop" => pop(items, args),
        "remove" => remove(items, args),
        "clear" => args.nothing(&format!("list.{name}")).map(|()| {
            items.lock().clear();
            none()
        }),
        "reverse" => args.nothing(&format!("list.{name}")).map(|()| {
            items.lock().reverse();
            none()
        }),
        "copy" => args.nothing(&format!("list.{name}")).map(|()| list(items.items())),
        "sort" => sort(interp, items, args),
        "index" => index(&items.items(), args, |value| format!("{} is not in list", py_repr(value))),
        _ => return call_tuple(&items.items(), name, args),
    })
}

pub(crate) fn call_tuple(items: &[Value], name: &str, args: &Args) -> Option<Eval<Value>> {
    match name {
        "count" => Some(
            args.exactly_one(&format!("list.{name}"))
                .map(|value| Value::from(items.iter().filter(|item| ops::equals(item, &value)).count())),
        ),
        "index" => Some(index(items, args, |_| "tuple.index(x): x not in tuple".to_owned())),
        _ => None,
    }
}

fn insert(items: &List, args: &Args) -> Eval<Value> {
    let [at, item] = args.bind("insert", ["index", "object"], 2)?;
    let at = need_int(&at.unwrap_or_default())?;
    let mut items = items.lock();
    let len = items.len() as i128;
    let at = if at < 0 { (at + len).max(0) } else { at.min(len) };
    items.insert(at as usize, item.unwrap_or_default());
    Ok(none())
}

fn pop(items: &List, args: &Args) -> Eval<Value> {
    let [at] = args.bind("pop", ["index"], 0)?;
    let at = int_or(at, -1)?;
    let mut items = items.lock();
    let len = items.len() as i128;
    if len == 0 {
        return Err(value_error("pop from empty list"));
    }
    let at = if at < 0 { at + len } else { at };
    if !(0..len).contains(&at) {
        return Err(value_error("pop index out of range"));
    }
    Ok(items.remove(at as usize))
}

fn remove(items: &List, args: &Args) -> Eval<Value> {
    let value = args.exactly_one("list.remove")?;
    let found = items.items().iter().position(|item| ops::equals(item, &value));
    match found {
        Some(at) => {
            items.lock().remove(at);
            Ok(none())
        }
        None => Err(value_error("list.remove(x): x not in list")),
    }
}

fn index(items: &[Value], args: &Args, missing: fn(&Value) -> String) -> Eval<Value> {
    let [value, start, stop] = args.bind("index", ["value", "start", "stop"], 1)?;
    let value = value.unwrap_or_default();
    let len = items.len() as i128;
    let clamp = |at: i128| (if at < 0 { at + len } else { at }).clamp(0, len) as usize;
    let (start, stop) = (clamp(int_or(start, 0)?), clamp(int_or(stop, len)?));
    let found = (start..stop).find(|at| ops::equals(&items[*at], &value));
    found.map(|at| int(at as i128)).ok_or_else(|| value_error(missing(&value)))
}

fn sort(interp: &mut Interp<'_, '_, '_>, items: &List, args: &Args) -> Eval<Value> {
    if !args.pos.is_empty() {
        return Err(arguments("sort() takes no positional arguments"));
    }
    let [key, reverse] = args.bind("sort", ["key", "reverse"], 0)?;
    let mut keyed = Vec::new();
    for item in items.items() {
        let sort_key = match &key {
            Some(key) if !key.is_none() => interp.call(key, Args::new(vec![item.clone()]))?,
            _ => item.clone(),
        };
        keyed.push((sort_key, item));
    }
    ops::sort_by_key(&mut keyed, bool_or(reverse, false))?;
    *items.lock() = keyed.into_iter().map(|(_, item)| item).collect();
    Ok(none())
}
