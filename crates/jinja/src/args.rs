//! Arguments of a call, and their binding to parameter names.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::Kwargs;

use crate::error::{ErrorKind, Eval, Signal, raise, type_error};
use crate::value::{Undefined, as_int, is_undefined, truthy, type_name};

/// Positional and keyword arguments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Args {
    pub pos: Vec<Value>,
    pub kw: Vec<(Arc<str>, Value)>,
    /// Arguments before the given ones, which messages count: 1 for filters and tests.
    pub implicit: usize,
}

impl Args {
    pub fn new(pos: Vec<Value>) -> Self {
        Args { pos, ..Args::default() }
    }

    /// Splits minijinja's convention: keyword arguments come as a special last value.
    pub fn from_foreign(values: &[Value]) -> Self {
        let Some((last, rest)) = values.split_last().filter(|(last, _)| last.is_kwargs()) else {
            return Args::new(values.to_vec());
        };
        let kw = last.try_iter().into_iter().flatten().filter_map(|key| {
            let value = last.get_item(&key).ok()?;
            Some((key.as_str()?.into(), value))
        });
        Args { pos: rest.to_vec(), kw: kw.collect(), implicit: 0 }
    }

    /// The reverse; undefined values become minijinja's own.
    pub fn into_foreign(self) -> Vec<Value> {
        let plain = |value: Value| {
            if value.downcast_object_ref::<Undefined>().is_some() { Value::UNDEFINED } else { value }
        };
        let mut values: Vec<Value> = self.pos.into_iter().map(plain).collect();
        if !self.kw.is_empty() {
            let kwargs: Kwargs = self.kw.iter().map(|(key, value)| (&**key, plain(value.clone()))).collect();
            values.push(kwargs.into());
        }
        values
    }

    /// Binds to named parameters, of which the first `required` must be given.
    pub fn bind<const N: usize>(&self, function: &str, names: [&str; N], required: usize) -> Eval<[Option<Value>; N]> {
        if self.pos.len() > N {
            return Err(self.too_many(function, required, N));
        }
        let mut bound: [Option<Value>; N] = std::array::from_fn(|at| self.pos.get(at).cloned());
        for (key, value) in &self.kw {
            let Some(at) = names.iter().position(|name| *name == &**key) else {
                return Err(arguments(format!("{function}() got an unexpected keyword argument '{key}'")));
            };
            if bound[at].is_some() {
                return Err(arguments(format!("{function}() got multiple values for argument '{key}'")));
            }
            bound[at] = Some(value.clone());
        }
        match (0..required).find(|at| bound[*at].is_none()) {
            Some(at) => Err(arguments(format!("{function}() missing 1 required positional argument: '{}'", names[at]))),
            None => Ok(bound),
        }
    }

    fn too_many(&self, function: &str, required: usize, most: usize) -> Box<Signal> {
        let (least, most, given) = (required + self.implicit, most + self.implicit, self.pos.len() + self.implicit);
        let takes = if least == most { most.to_string() } else { format!("from {least} to {most}") };
        arguments(format!(
            "{function}() takes {takes} positional argument{} but {given} {} given",
            if most == 1 { "" } else { "s" },
            if given == 1 { "was" } else { "were" },
        ))
    }

    /// The one positional argument of a method that is written in C.
    pub fn exactly_one(&self, method: &str) -> Eval<Value> {
        if !self.kw.is_empty() {
            return Err(arguments(format!("{method}() takes no keyword arguments")));
        }
        match &self.pos[..] {
            [only] => Ok(only.clone()),
            other => Err(arguments(format!("{method}() takes exactly one argument ({} given)", other.len()))),
        }
    }

    /// The lack of arguments of a method that is written in C.
    pub fn nothing(&self, method: &str) -> Eval<()> {
        if !self.kw.is_empty() {
            return Err(arguments(format!("{method}() takes no keyword arguments")));
        }
        match self.pos.len() {
            0 => Ok(()),
            given => Err(arguments(format!("{method}() takes no arguments ({given} given)"))),
        }
    }

    /// Binds the arguments of a function without parameters.
    pub fn none(&self, function: &str) -> Eval<()> {
        self.bind(function, [], 0).map(|[]| ())
    }

    /// Binds the one parameter of a function.
    pub fn one(&self, function: &str, name: &str) -> Eval<Value> {
        let [value] = self.bind(function, [name], 1)?;
        Ok(value.unwrap_or_default())
    }

    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.kw.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }
}

/// The wrong arguments of a call.
pub(crate) fn arguments(message: impl Into<String>) -> Box<Signal> {
    raise(ErrorKind::Arguments, message)
}

/// An integer parameter with a default.
pub(crate) fn int_or(value: Option<Value>, default: i128) -> Eval<i128> {
    match value {
        None => Ok(default),
        Some(value) => need_int(&value),
    }
}

pub(crate) fn need_int(value: &Value) -> Eval<i128> {
    as_int(value).ok_or_else(|| {
        if is_undefined(value) {
            return crate::value::undefined(value).into();
        }
        type_error(format!("'{}' object cannot be interpreted as an integer", type_name(value)))
    })
}

/// More than any text or list of a template needs to be filled up to.
const MAX_SIZE: i128 = 10_000_000;

/// A width or a count; negative ones are 0.
pub(crate) fn need_size(value: &Value) -> Eval<usize> {
    match need_int(value)? {
        size if size > MAX_SIZE => Err(raise(ErrorKind::Limit, "the size is too large")),
        size => Ok(usize::try_from(size).unwrap_or(0)),
    }
}

pub(crate) fn bool_or(value: Option<Value>, default: bool) -> bool {
    value.map_or(default, |value| truthy(&value))
}

/// The text of a parameter that must be a string.
pub(crate) fn need_str<'a>(value: &'a Value, what: &str) -> Eval<&'a str> {
    value.as_str().ok_or_else(|| type_error(format!("{what} must be str, not {}", type_name(value))))
}
