//! The objects behind `namespace()`, `cycler()` and `joiner()`.

use std::sync::{Mutex, PoisonError};

use minijinja::Value;

use crate::args::{Args, arguments};
use crate::error::Eval;
use crate::interp::Interp;
use crate::value::{Dict, Native, instance, pairs, py_repr};

/// `namespace()`: a box of attributes that `{% set ns.x = … %}` may assign.
#[derive(Debug, Default)]
pub(crate) struct Namespace(Dict);

impl Namespace {
    pub fn set(&self, name: &Value, value: Value) {
        self.0.insert(name.clone(), value);
    }
}

impl Native for Namespace {
    fn type_name(&self) -> &'static str {
        "jinja2.utils.Namespace"
    }

    fn repr(&self) -> String {
        let items = Value::from_object(self.0.pairs().into_iter().collect::<Dict>());
        format!("<Namespace {}>", py_repr(&items))
    }

    fn attr(&self, name: &str) -> Option<Value> {
        self.0.get_str(name)
    }

    fn item(&self, key: &Value) -> Option<Value> {
        self.0.get(key)
    }
}

/// The function `namespace`, which takes what `dict` takes.
pub(crate) fn namespace(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let namespace = Namespace::default();
    if args.pos.len() > 1 {
        return Err(arguments(format!("dict expected at most 1 argument, got {}", args.pos.len())));
    }
    if let Some(initial) = args.pos.first() {
        for (key, value) in pairs(initial).unwrap_or_default() {
            namespace.set(&key, value);
        }
    }
    for (key, value) in &args.kw {
        namespace.set(&Value::from(&**key), value.clone());
    }
    Ok(instance(namespace))
}

/// `cycler(…)`
#[derive(Debug)]
struct Cycler {
    items: Vec<Value>,
    at: Mutex<usize>,
}

impl Cycler {
    fn at(&self) -> std::sync::MutexGuard<'_, usize> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Native for Cycler {
    fn type_name(&self) -> &'static str {
        "jinja2.utils.Cycler"
    }

    fn repr(&self) -> String {
        "<jinja2.utils.Cycler object>".into()
    }

    fn attr(&self, name: &str) -> Option<Value> {
        (name == "current").then(|| self.items[*self.at()].clone())
    }

    fn methods(&self) -> &'static [&'static str] {
        &["next", "reset"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, _: &Args) -> Option<Eval<Value>> {
        let mut at = self.at();
        match name {
            "next" => {
                let item = self.items[*at].clone();
                *at = (*at + 1) % self.items.len();
                Some(Ok(item))
            }
            "reset" => {
                *at = 0;
                Some(Ok(Value::from(())))
            }
            _ => None,
        }
    }
}

/// The function `cycler`.
pub(crate) fn cycler(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    if args.pos.is_empty() {
        return Err(crate::error::type_error("at least one item has to be provided"));
    }
    Ok(instance(Cycler { items: args.pos.clone(), at: Mutex::new(0) }))
}

/// `joiner(sep)`
#[derive(Debug)]
struct Joiner {
    separator: Value,
    used: Mutex<bool>,
}

impl Native for Joiner {
    fn type_name(&self) -> &'static str {
        "jinja2.utils.Joiner"
    }

    fn repr(&self) -> String {
        "<jinja2.utils.Joiner object>".into()
    }

    fn call(&self, _: &mut Interp<'_, '_, '_>, args: &Args) -> Option<Eval<Value>> {
        if let Err(error) = args.none("__call__") {
            return Some(Err(error));
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let first = !std::mem::replace(&mut *used, true);
        Some(Ok(if first { Value::from("") } else { self.separator.clone() }))
    }
}

/// The function `joiner`.
pub(crate) fn joiner(_: &mut Interp<'_, '_, '_>, args: &Args) -> Eval<Value> {
    let [separator] = args.bind("joiner", ["sep"], 0)?;
    let separator = separator.unwrap_or_else(|| Value::from(", "));
    Ok(instance(Joiner { separator, used: Mutex::new(false) }))
}
