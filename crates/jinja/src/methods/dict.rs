//! Methods of dicts.

use minijinja::Value;

use crate::args::Args;
use crate::builtins::update;
use crate::error::{Eval, value_error};
use crate::value::{Dict, Iter, Key, Native, instance, ops, pairs, py_repr, tuple};

pub(super) const NAMES: &[&str] =
    &["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

/// What a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Keys,
    Values,
    Items,
}

/// `dict.keys()`, `dict.values()`, `dict.items()`: they follow the dict.
#[derive(Debug)]
struct View {
    target: Value,
    side: Side,
}

impl View {
    fn entries(&self) -> Vec<Value> {
        let pairs = pairs(&self.target).unwrap_or_default().into_iter();
        match self.side {
            Side::Keys => pairs.map(|(key, _)| key).collect(),
            Side::Values => pairs.map(|(_, value)| value).collect(),
            Side::Items => pairs.map(|(key, value)| tuple(vec![key, value])).collect(),
        }
    }
}

impl Native for View {
    fn type_name(&self) -> &'static str {
        match self.side {
            Side::Keys => "dict_keys",
            Side::Values => "dict_values",
            Side::Items => "dict_items",
        }
    }

    fn repr(&self) -> String {
        format!("{}({})", self.type_name(), py_repr(&crate::value::list(self.entries())))
    }

    fn truthy(&self) -> bool {
        self.len() != Some(0)
    }

    fn hashable(&self) -> bool {
        self.side == Side::Values
    }

    fn iterable(&self) -> bool {
        true
    }

    fn iter(&self) -> Option<Iter> {
        Some(Box::new(self.entries().into_iter()))
    }

    fn len(&self) -> Option<usize> {
        Some(pairs(&self.target).map_or(0, |pairs| pairs.len()))
    }

    fn equals(&self, other: &dyn Native) -> Option<bool> {
        let other = other.downcast::<View>()?;
        let (a, b) = (self.entries(), other.entries());
        let same = a.len() == b.len() && a.iter().all(|x| b.iter().any(|y| ops::equals(x, y)));
        Some(self.side != Side::Values && self.side == other.side && same)
    }

    fn binary(&self, op: crate::syntax::ast::BinOp, other: &Value, reflected: bool) -> Option<Eval<Value>> {
        if op != crate::syntax::ast::BinOp::Sub || self.side == Side::Values || reflected {
            return None;
        }
        let other = match crate::value::Set::from_iterable(other) {
            Ok(set) => set,
            Err(error) => return Some(Err(error)),
        };
        let kept = self.entries().into_iter().filter(|item| !other.contains(item));
        Some(crate::value::Set::collect(kept).map(Value::from_object))
    }
}

fn view(target: &Value, side: Side) -> Value {
    instance(View { target: target.clone(), side })
}

pub(super) fn call(value: &Value, items: &Dict, name: &str, args: &Args) -> Option<Eval<Value>> {
    Some(match name {
        "get" => get(|key| items.get(key), args),
        "items" => args.nothing(&format!("dict.{name}")).map(|()| view(value, Side::Items)),
        "keys" => args.nothing(&format!("dict.{name}")).map(|()| view(value, Side::Keys)),
        "values" => args.nothing(&format!("dict.{name}")).map(|()| view(value, Side::Values)),
        "update" => update_all(items, args),
        "pop" => pop(items, args),
        "setdefault" => setdefault(items, args),
        "popitem" => args.nothing(&format!("dict.{name}")).and_then(|()| {
            let last = items.lock().pop();
            match last {
                Some((key, value)) => Ok(tuple(vec![key.0, value])),
                None => Err(value_error("'popitem(): dictionary is empty'")),
            }
        }),
        "clear" => args.nothing(&format!("dict.{name}")).map(|()| {
            items.lock().clear();
            Value::from(())
        }),
        "copy" => args
            .nothing(&format!("dict.{name}"))
            .map(|()| Value::from_object(items.pairs().into_iter().collect::<Dict>())),
        "fromkeys" => fromkeys(args),
        _ => return None,
    })
}

/// The methods of a map made elsewhere, which cannot be changed.
pub(super) fn call_foreign(value: &Value, name: &str, args: &Args) -> Option<Eval<Value>> {
    pairs(value)?;
    match name {
        "get" => Some(get(|key| value.get_item(key).ok().filter(|found| !found.is_undefined()), args)),
        "items" | "keys" | "values" | "copy" => {
            let copy = pairs(value)?.into_iter().collect::<Dict>();
            let copied = Value::from_object(copy.pairs().into_iter().collect::<Dict>());
            call(&copied, &copy, name, args)
        }
        _ => None,
    }
}

fn get(find: impl Fn(&Value) -> Option<Value>, args: &Args) -> Eval<Value> {
    let [key, default] = args.bind("get", ["key", "default"], 1)?;
    let key = Key::new(key.unwrap_or_default())?;
    Ok(find(&key.0).unwrap_or_else(|| default.unwrap_or_else(|| Value::from(()))))
}

fn update_all(items: &Dict, args: &Args) -> Eval<Value> {
    let positional = Args::new(args.pos.clone());
    let [source] = positional.bind("update", ["source"], 0)?;
    if let Some(source) = source {
        update(items, &source)?;
    }
    for (key, value) in &args.kw {
        items.insert(&**key, value.clone());
    }
    Ok(Value::from(()))
}

fn pop(items: &Dict, args: &Args) -> Eval<Value> {
    let [key, default] = args.bind("pop", ["key", "default"], 1)?;
    let key = Key::new(key.unwrap_or_default())?;
    let found = items.lock().shift_remove(&key);
    found.or(default).ok_or_else(|| value_error(py_repr(&key.0)))
}

fn setdefault(items: &Dict, args: &Args) -> Eval<Value> {
    let [key, default] = args.bind("setdefault", ["key", "default"], 1)?;
    let key = Key::new(key.unwrap_or_default())?;
    let default = default.unwrap_or_else(|| Value::from(()));
    Ok(items.lock().entry(key).or_insert(default).clone())
}

fn fromkeys(args: &Args) -> Eval<Value> {
    let [keys, value] = args.bind("fromkeys", ["iterable", "value"], 1)?;
    let value = value.unwrap_or_else(|| Value::from(()));
    let result = Dict::default();
    for key in crate::value::collect(&keys.unwrap_or_default())? {
        result.insert(key, value.clone());
    }
    Ok(Value::from_object(result))
}
