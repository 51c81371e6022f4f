//! Methods of sets.

use minijinja::Value;

use crate::args::Args;
use crate::error::{Eval, value_error};
use crate::value::{Key, Set, collect, py_repr};

pub(super) const NAMES: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "union",
    "update",
];

pub(super) fn call(items: &Set, name: &str, args: &Args) -> Option<Eval<Value>> {
    NAMES.contains(&name).then(|| dispatch(items, name, args))
}

fn none() -> Value {
    Value::from(())
}

fn dispatch(items: &Set, name: &str, args: &Args) -> Eval<Value> {
    match name {
        "union" | "intersection" | "difference" => combine(items, name, args).map(Value::from_object),
        "update" => {
            let union = combine(items, "union", args)?;
            *items.lock() = std::mem::take(&mut *union.lock());
            Ok(none())
        }
        "intersection_update" | "difference_update" => {
            let result = combine(items, name.trim_end_matches("_update"), args)?;
            *items.lock() = std::mem::take(&mut *result.lock());
            Ok(none())
        }
        "symmetric_difference" => {
            let other = Set::from_iterable(&args.exactly_one(&format!("set.{name}"))?)?;
            let left = items.items().into_iter().filter(|item| !other.contains(item));
            let right = other.items().into_iter().filter(|item| !items.contains(item));
            Set::collect(left.chain(right).collect::<Vec<_>>()).map(Value::from_object)
        }
        "isdisjoint" | "issubset" | "issuperset" => relation(items, name, args),
        "copy" => {
            args.nothing(&format!("set.{name}")).and_then(|()| Set::collect(items.items()).map(Value::from_object))
        }
        "clear" => args.nothing(&format!("set.{name}")).map(|()| {
            items.lock().clear();
            none()
        }),
        "pop" => {
            args.nothing(&format!("set.{name}"))?;
            let first = items.lock().shift_remove_index(0);
            first.map(|(key, _)| key.0).ok_or_else(|| value_error("'pop from an empty set'"))
        }
        _ => change(items, name, args),
    }
}

/// `add`, `discard`, `remove`.
fn change(items: &Set, name: &str, args: &Args) -> Eval<Value> {
    let key = Key::new(args.exactly_one(&format!("set.{name}"))?)?;
    let shown = py_repr(&key.0);
    if name == "add" {
        items.lock().entry(key).or_insert(Value::UNDEFINED);
    } else if items.lock().shift_remove(&key).is_none() && name == "remove" {
        return Err(value_error(shown));
    }
    Ok(none())
}

fn combine(items: &Set, name: &str, args: &Args) -> Eval<Set> {
    let mut result = items.items();
    for other in &args.pos {
        match name {
            "union" => result.extend(collect(other)?),
            _ => {
                let other = Set::from_iterable(other)?;
                result.retain(|item| other.contains(item) == (name == "intersection"));
            }
        }
    }
    Set::collect(result)
}

fn relation(items: &Set, name: &str, args: &Args) -> Eval<Value> {
    let other = Set::from_iterable(&args.exactly_one(&format!("set.{name}"))?)?;
    let holds = match name {
        "isdisjoint" => !items.items().iter().any(|item| other.contains(item)),
        "issubset" => items.items().iter().all(|item| other.contains(item)),
        _ => other.items().iter().all(|item| items.contains(item)),
    };
    Ok(Value::from(holds))
}
