//! JSON, YAML, sets, zips and hashes.

use md5::{Digest, Md5};
use minijinja::Value;

use crate::args::{Args, bool_or, need_str};
use crate::error::{ErrorKind, Eval, raise, type_error};
use crate::interp::Interp;
use crate::json;
use crate::value::{
    Dict, Iter, Set, collect, from_json, from_yaml_text, generator, iterate, list, pairs, py_str, to_yaml_text, tuple,
};

type Context<'a, 'b, 'c> = Interp<'a, 'b, 'c>;

fn or_none(value: Option<Value>) -> Value {
    value.unwrap_or_else(|| Value::from(()))
}

pub(super) fn fromjson(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [text, default] = args.bind("fromjson", ["string", "default"], 1)?;
    let text = text.unwrap_or_default();
    let text = text.as_str().ok_or_else(|| {
        type_error(format!("the JSON object must be str, bytes or bytearray, not {}", crate::value::type_name(&text)))
    })?;
    Ok(serde_json::from_str(text).map(from_json).unwrap_or_else(|_| or_none(default)))
}

pub(super) fn tojson(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [value, default, sort_keys] = args.bind("tojson", ["value", "default", "sort_keys"], 1)?;
    let options = json::Options { sort_keys: bool_or(sort_keys, false), ..Default::default() };
    match json::dumps(&value.unwrap_or_default(), &options) {
        Ok(text) => Ok(Value::from(text)),
        Err(error) if json::is_value_error(&error) => Ok(or_none(default)),
        Err(error) => Err(error),
    }
}

pub(super) fn fromyaml(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [text, default] = args.bind("fromyaml", ["value", "default"], 1)?;
    let text = text.unwrap_or_default();
    Ok(text.as_str().and_then(from_yaml_text).unwrap_or_else(|| or_none(default)))
}

pub(super) fn toyaml(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [value, default, sort_keys] = args.bind("toyaml", ["value", "default", "sort_keys"], 1)?;
    let text = to_yaml_text(&value.unwrap_or_default(), bool_or(sort_keys, false));
    Ok(text.map(Value::from).unwrap_or_else(|_| or_none(default)))
}

pub(super) fn set(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [value, default] = args.bind("set", ["value", "default"], 1)?;
    Ok(Set::from_iterable(&value.unwrap_or_default()).map(Value::from_object).unwrap_or_else(|_| or_none(default)))
}

pub(super) fn set_strict(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let value = args.one("set_strict", "value")?;
    Set::from_iterable(&value).map(Value::from_object)
}

pub(super) fn zip(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    zip_all(args).or_else(|_| Ok(or_none(args.keyword("default").cloned())))
}

pub(super) fn zip_strict(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    zip_all(args)
}

fn zip_all(args: &Args) -> Eval<Value> {
    let iterators: Eval<Vec<Iter>> = args.pos.iter().map(iterate).collect();
    let mut iterators = iterators?;
    Ok(generator(
        "zip",
        std::iter::from_fn(move || {
            if iterators.is_empty() {
                return None;
            }
            iterators.iter_mut().map(Iterator::next).collect::<Option<Vec<_>>>().map(tuple)
        }),
    ))
}

pub(super) fn local_md5(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let value = args.one("local_md5", "value")?;
    let text = need_str(&value, "local_md5() argument")?;
    let digest = Md5::digest(text.as_bytes());
    Ok(Value::from(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

pub(super) fn diff_of_two_dicts(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [a, b] = args.bind("diff_of_two_dicts", ["dict_a", "dict_b"], 2)?;
    let (a, b) = (pairs(&a.unwrap_or_default()), pairs(&b.unwrap_or_default()));
    let (Some(a), Some(b)) = (a, b) else { return Err(type_error("diff_of_two_dicts() takes two dicts")) };
    let fold = |value: &Value| py_str(value).to_lowercase();
    let result = Dict::default();
    for (key, values) in a {
        let Some((_, others)) = b.iter().find(|(other, _)| fold(other) == fold(&key)) else {
            result.insert(key, values);
            continue;
        };
        let others: Vec<String> = collect(others)?.iter().map(fold).collect();
        let kept: Vec<Value> = collect(&values)?.into_iter().filter(|item| !others.contains(&fold(item))).collect();
        if !kept.is_empty() {
            result.insert(key, list(kept));
        }
    }
    Ok(Value::from_object(result))
}

pub(super) fn undefined_error(_: &mut Context<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let message = args.one("undefined_error", "msg")?;
    Err(raise(ErrorKind::UndefinedName, py_str(&message)))
}
