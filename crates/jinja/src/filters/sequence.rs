//! Filters for sequences.

use std::cmp::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use minijinja::Value;

use super::{Context, Path, ignore_case};
use crate::args::{Args, arguments, bool_or, need_size};
use crate::error::{Eval, type_error, value_error};
use crate::value::{
    Key, Map, Py, collect, generator, is_undefined, iterate, length as len, list as make_list, ops, pairs, tuple,
    type_name, undefined_hint, view,
};

pub(super) fn length(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("length")?;
    len(value).map(Value::from)
}

pub(super) fn list(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("sync_do_list")?;
    collect(value).map(make_list)
}

pub(super) fn first(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("sync_do_first")?;
    let first = iterate(value)?.next();
    Ok(first.unwrap_or_else(|| undefined_hint("No first item, sequence was empty.", interp.lenient)))
}

pub(super) fn last(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_last")?;
    let is_reversible = match view(value) {
        Py::Native(native) => native.len().is_some(),
        Py::None | Py::Bool(_) | Py::Int(_) | Py::Float(_) => false,
        _ => true,
    };
    if !is_reversible {
        return Err(type_error(format!("'{}' object is not reversible", type_name(value))));
    }
    let last = collect(value)?.pop();
    Ok(last.unwrap_or_else(|| undefined_hint("No last item, sequence was empty.", interp.lenient)))
}

pub(super) fn random(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_random")?;
    let items = collect(value)?;
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    let at = (seed.wrapping_mul(2_654_435_761) >> 8) as usize % items.len().max(1);
    let item = items.get(at).cloned();
    Ok(item.unwrap_or_else(|| undefined_hint("No random item, sequence was empty.", interp.lenient)))
}

pub(super) fn items(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_items")?;
    if is_undefined(value) {
        return Ok(generator("generator", std::iter::empty()));
    }
    let Some(items) = pairs(value) else { return Err(type_error("Can only get item pairs from a mapping.")) };
    Ok(generator("generator", items.into_iter().map(|(key, value)| tuple(vec![key, value]))))
}

pub(super) fn reverse(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_reverse")?;
    if let Some(text) = value.as_str() {
        return Ok(Value::from(text.chars().rev().collect::<String>()));
    }
    let mut items = collect(value).map_err(|_| arguments("argument must be iterable"))?;
    items.reverse();
    Ok(match view(value) {
        Py::List(_) | Py::Seq(_) => generator("list_reverseiterator", items.into_iter()),
        Py::Set(_) => make_list(items),
        _ => generator("reversed", items.into_iter()),
    })
}

fn key_of(interp: &mut Context<'_, '_, '_>, paths: &[Path], item: &Value, case_sensitive: bool) -> Eval<Value> {
    let mut keys = Vec::new();
    for path in paths {
        keys.push(ignore_case(path.get(interp, item)?, case_sensitive));
    }
    Ok(make_list(keys))
}

pub(super) fn sort(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [reverse, case_sensitive, attribute] = args.bind("do_sort", ["reverse", "case_sensitive", "attribute"], 0)?;
    let case_sensitive = bool_or(case_sensitive, false);
    let paths: Vec<Path> = match attribute.as_ref().and_then(Value::as_str) {
        Some(text) => text.split(',').map(|part| Path::new(Some(&Value::from(part)))).collect(),
        None => vec![Path::new(attribute.as_ref())],
    };
    let mut keyed = Vec::new();
    for item in iterate(value)? {
        keyed.push((key_of(interp, &paths, &item, case_sensitive)?, item));
    }
    ops::sort_by_key(&mut keyed, bool_or(reverse, false))?;
    Ok(make_list(keyed.into_iter().map(|(_, item)| item).collect()))
}

pub(super) fn dictsort(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [case_sensitive, by, reverse] = args.bind("do_dictsort", ["case_sensitive", "by", "reverse"], 0)?;
    let case_sensitive = bool_or(case_sensitive, false);
    let by_value = match by.as_ref().map(|by| by.as_str().unwrap_or_default()) {
        None | Some("key") => false,
        Some("value") => true,
        Some(_) => return Err(arguments("You can only sort by either \"key\" or \"value\"")),
    };
    crate::value::defined(value)?;
    let items =
        pairs(value).ok_or_else(|| type_error(format!("'{}' object has no attribute 'items'", type_name(value))))?;
    let mut keyed: Vec<(Value, Value)> = items
        .into_iter()
        .map(|(key, value)| {
            let sort_key = ignore_case(if by_value { value.clone() } else { key.clone() }, case_sensitive);
            (sort_key, tuple(vec![key, value]))
        })
        .collect();
    ops::sort_by_key(&mut keyed, bool_or(reverse, false))?;
    Ok(make_list(keyed.into_iter().map(|(_, item)| item).collect()))
}

pub(super) fn unique(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [case_sensitive, attribute] = args.bind("sync_do_unique", ["case_sensitive", "attribute"], 0)?;
    let case_sensitive = bool_or(case_sensitive, false);
    let path = Path::new(attribute.as_ref());
    let (mut seen, mut kept) = (Map::default(), Vec::new());
    for item in iterate(value)? {
        let key = Key::new(ignore_case(path.get(interp, &item)?, case_sensitive))?;
        if seen.insert(key, Value::UNDEFINED).is_none() {
            kept.push(item);
        }
    }
    Ok(generator("generator", kept.into_iter()))
}

fn extreme(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args, name: &str, wanted: Ordering) -> Eval<Value> {
    let [case_sensitive, attribute] = args.bind(name, ["case_sensitive", "attribute"], 0)?;
    let case_sensitive = bool_or(case_sensitive, false);
    let path = Path::new(attribute.as_ref());
    let symbol = if wanted == Ordering::Less { "<" } else { ">" };
    let mut best: Option<(Value, Value)> = None;
    for item in iterate(value)? {
        let key = ignore_case(path.get(interp, &item)?, case_sensitive);
        let better = match &best {
            None => true,
            Some((best, _)) => ops::compare(&key, best, symbol)? == Some(wanted),
        };
        if better {
            best = Some((key, item));
        }
    }
    Ok(match best {
        Some((_, item)) => item,
        None => undefined_hint("No aggregated item, sequence was empty.", interp.lenient),
    })
}

pub(super) fn min(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    extreme(interp, value, args, "do_min", Ordering::Less)
}

pub(super) fn max(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    extreme(interp, value, args, "do_max", Ordering::Greater)
}

pub(super) fn batch(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [size, fill] = args.bind("do_batch", ["linecount", "fill_with"], 1)?;
    let size = need_size(&size.unwrap_or_default())?.max(1);
    let fill = fill.filter(|fill| !fill.is_none());
    let mut batches: Vec<Vec<Value>> = collect(value)?.chunks(size).map(<[Value]>::to_vec).collect();
    if let (Some(fill), Some(last)) = (fill, batches.last_mut()) {
        last.resize(size.max(last.len()), fill);
    }
    Ok(generator("generator", batches.into_iter().map(make_list)))
}

pub(super) fn slice(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [slices, fill] = args.bind("sync_do_slice", ["slices", "fill_with"], 1)?;
    let slices = need_size(&slices.unwrap_or_default())?;
    if slices == 0 {
        return Err(value_error("integer division or modulo by zero"));
    }
    let fill = fill.filter(|fill| !fill.is_none());
    let items = collect(value)?;
    let (size, extra) = (items.len() / slices, items.len() % slices);
    let mut rest = &items[..];
    let mut out = Vec::new();
    for at in 0..slices {
        let (head, tail) = rest.split_at(size + usize::from(at < extra));
        rest = tail;
        let mut part = head.to_vec();
        if at >= extra {
            part.extend(fill.clone());
        }
        out.push(make_list(part));
    }
    Ok(generator("generator", out.into_iter()))
}
