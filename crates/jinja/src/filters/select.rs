//! Filters that apply filters, tests or look-ups to each item.

use std::fmt;

use minijinja::Value;

use super::tests::{self, TestFn};
use super::{Context, Path, find, ignore_case};
use crate::args::{Args, arguments};
use crate::error::{ErrorKind, Eval, raise};
use crate::interp::Interp;
use crate::value::{
    Iter, Native, collect, generator, instance, iterate, list, ops, py_repr, truthy, tuple, undefined_attribute,
};

pub(super) fn attr(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let name = args.one("do_attr", "name")?;
    if crate::value::pairs(value).is_some() && !crate::methods::exists(value, name.as_str().unwrap_or_default()) {
        return Ok(undefined_attribute(value, &name, interp.lenient));
    }
    interp.get_attr(value, &name)
}

fn filter_of(name: &Value) -> Eval<super::FilterFn> {
    let text = name.as_str().unwrap_or_default();
    find(text).ok_or_else(|| raise(ErrorKind::Syntax, format!("No filter named {}.", py_repr(name))))
}

pub(super) fn map(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let mut out = Vec::new();
    if truthy(value) {
        if args.pos.is_empty() && args.keyword("attribute").is_some() {
            let [attribute, default] = args.bind("sync_do_map", ["attribute", "default"], 0).map_err(|_| {
                let unexpected = args.kw.iter().find(|(key, _)| !matches!(&**key, "attribute" | "default"));
                let name = unexpected.map(|(key, _)| &**key).unwrap_or_default();
                arguments(format!("Unexpected keyword argument {}", py_repr(&Value::from(name))))
            })?;
            let path = Path::new(attribute.as_ref());
            let default = default.filter(|default| !default.is_none());
            for item in iterate(value)? {
                out.push(path.get_or(interp, &item, default.as_ref())?);
            }
        } else {
            let Some((name, rest)) = args.pos.split_first() else {
                return Err(arguments("map requires a filter argument"));
            };
            let filter = filter_of(name)?;
            let rest = Args { pos: rest.to_vec(), kw: args.kw.clone(), implicit: 1 };
            for item in iterate(value)? {
                out.push(filter(interp, &item, &rest)?);
            }
        }
    }
    Ok(generator("generator", out.into_iter()))
}

/// What decides about an item.
struct Choice {
    path: Path,
    test: Option<(TestFn, Args)>,
    keep: bool,
}

impl Choice {
    fn new(args: &Args, with_attribute: bool, keep: bool) -> Eval<Choice> {
        let mut pos = args.pos.as_slice();
        let mut path = Path::new(None);
        if with_attribute {
            let Some((attribute, rest)) = pos.split_first() else {
                return Err(arguments("Missing parameter for attribute name"));
            };
            path = Path::new(Some(attribute));
            pos = rest;
        }
        let test = match pos.split_first() {
            None => None,
            Some((name, rest)) => {
                let found = tests::find(name.as_str().unwrap_or_default());
                let test =
                    found.ok_or_else(|| raise(ErrorKind::Syntax, format!("No test named {}.", py_repr(name))))?;
                Some((test, Args { pos: rest.to_vec(), kw: args.kw.clone(), implicit: 1 }))
            }
        };
        Ok(Choice { path, test, keep })
    }

    fn keeps(&self, interp: &mut Context<'_, '_, '_>, item: &Value) -> Eval<bool> {
        let value = self.path.get(interp, item)?;
        let holds = match &self.test {
            Some((test, args)) => test(interp, &value, args)?,
            None => truthy(&value),
        };
        Ok(holds == self.keep)
    }
}

fn choose(
    interp: &mut Context<'_, '_, '_>,
    value: &Value,
    args: &Args,
    with_attribute: bool,
    keep: bool,
) -> Eval<Value> {
    let mut out = Vec::new();
    if truthy(value) {
        let choice = Choice::new(args, with_attribute, keep)?;
        for item in iterate(value)? {
            if choice.keeps(interp, &item)? {
                out.push(item);
            }
        }
    }
    Ok(generator("generator", out.into_iter()))
}

pub(super) fn select(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    choose(interp, value, args, false, true)
}

pub(super) fn reject(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    choose(interp, value, args, false, false)
}

pub(super) fn selectattr(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    choose(interp, value, args, true, true)
}

pub(super) fn rejectattr(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    choose(interp, value, args, true, false)
}

/// A group of `groupby`: a pair with names.
struct Group {
    grouper: Value,
    list: Value,
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repr())
    }
}

impl Group {
    fn parts(&self) -> Vec<Value> {
        vec![self.grouper.clone(), self.list.clone()]
    }
}

impl Native for Group {
    fn type_name(&self) -> &'static str {
        "tuple"
    }

    fn repr(&self) -> String {
        py_repr(&tuple(self.parts()))
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "grouper" => Some(self.grouper.clone()),
            "list" => Some(self.list.clone()),
            _ => None,
        }
    }

    fn item(&self, key: &Value) -> Option<Value> {
        match crate::value::as_int(key)? {
            0 | -2 => Some(self.grouper.clone()),
            1 | -1 => Some(self.list.clone()),
            _ => None,
        }
    }

    fn iterable(&self) -> bool {
        true
    }

    fn iter(&self) -> Option<Iter> {
        Some(Box::new(self.parts().into_iter()))
    }

    fn len(&self) -> Option<usize> {
        Some(2)
    }
}

pub(super) fn groupby(interp: &mut Interp<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [attribute, default, case_sensitive] =
        args.bind("sync_do_groupby", ["attribute", "default", "case_sensitive"], 1)?;
    let path = Path::new(attribute.as_ref());
    let default = default.filter(|default| !default.is_none());
    let case_sensitive = crate::args::bool_or(case_sensitive, false);
    let mut keyed = Vec::new();
    for item in collect(value)? {
        let key = path.get_or(interp, &item, default.as_ref())?;
        keyed.push((ignore_case(key, case_sensitive), item));
    }
    ops::sort_by_key(&mut keyed, false)?;
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for (key, item) in keyed {
        match groups.last_mut() {
            Some((last, items)) if ops::equals(last, &key) => items.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let mut out = Vec::new();
    for (_, items) in groups {
        let grouper = path.get_or(interp, &items[0], default.as_ref())?;
        out.push(instance(Group { grouper, list: list(items) }));
    }
    Ok(list(out))
}
