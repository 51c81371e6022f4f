//! Functions that every dbt context has, whatever node it is for.

mod data;

use minijinja::Value;

use crate::args::{Args, arguments, need_int};
use crate::error::Eval;
use crate::interp::{Interp, NativeFn, Returner};
use crate::modules;
use crate::namespace::{cycler, joiner, namespace};
use crate::value::{Dict, Key, collect, instance, pairs, range as make_range};

type Function = fn(&mut Interp<'_, '_, '_>, &Args) -> Eval<Value>;

/// Wraps a Rust function as a value.
pub(crate) fn function(name: &'static str, function: Function) -> Value {
    instance(NativeFn { name, function })
}

/// Jinja2's own globals.
pub(crate) fn globals() -> Vec<(&'static str, Value)> {
    let functions: [(&str, Function); 5] =
        [("range", range), ("dict", dict), ("namespace", namespace), ("cycler", cycler), ("joiner", joiner)];
    functions.into_iter().map(|(name, f)| (name, function(name, f))).collect()
}

/// The functions of a dbt context that do not depend on a node, for the context to offer.
pub fn builtins() -> Vec<(&'static str, Value)> {
    let functions: [(&str, Function); 11] = [
        ("fromjson", data::fromjson),
        ("tojson", data::tojson),
        ("fromyaml", data::fromyaml),
        ("toyaml", data::toyaml),
        ("set", data::set),
        ("set_strict", data::set_strict),
        ("zip", data::zip),
        ("zip_strict", data::zip_strict),
        ("local_md5", data::local_md5),
        ("diff_of_two_dicts", data::diff_of_two_dicts),
        ("undefined_error", data::undefined_error),
    ];
    let mut all = globals();
    all.extend(functions.into_iter().map(|(name, f)| (name, function(name, f))));
    all.push(("return", instance(Returner)));
    all.push(("modules", modules::modules()));
    all
}

fn range(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let numbers: Eval<Vec<i128>> = args.pos.iter().map(need_int).collect();
    if let Some((key, _)) = args.kw.first() {
        return Err(arguments(format!("range() takes no keyword arguments, not '{key}'")));
    }
    match numbers?[..] {
        [stop] => make_range(0, stop, 1),
        [start, stop] => make_range(start, stop, 1),
        [start, stop, step] => make_range(start, stop, step),
        [] => Err(arguments("range expected at least 1 argument, got 0")),
        ref many => Err(arguments(format!("range expected at most 3 arguments, got {}", many.len()))),
    }
}

fn dict(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let dict = Dict::default();
    if args.pos.len() > 1 {
        return Err(arguments(format!("dict expected at most 1 argument, got {}", args.pos.len())));
    }
    if let Some(initial) = args.pos.first() {
        update(&dict, initial)?;
    }
    for (key, value) in &args.kw {
        dict.insert(&**key, value.clone());
    }
    Ok(Value::from_object(dict))
}

/// Python's `dict.update(source)`: another dict, or an iterable of pairs.
pub(crate) fn update(dict: &Dict, source: &Value) -> Eval<()> {
    if let Some(items) = pairs(source) {
        for (key, value) in items {
            dict.insert(key, value);
        }
        return Ok(());
    }
    for (at, item) in collect(source)?.iter().enumerate() {
        match &collect(item)?[..] {
            [key, value] => {
                Key::new(key.clone())?;
                dict.insert(key.clone(), value.clone());
            }
            other => {
                return Err(crate::error::value_error(format!(
                    "dictionary update sequence element #{at} has length {}; 2 is required",
                    other.len()
                )));
            }
        }
    }
    Ok(())
}
