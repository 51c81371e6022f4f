//! The match object.

use std::sync::Arc;

use minijinja::Value;

use crate::args::Args;
use crate::error::{Eval, value_error};
use crate::interp::Interp;
use crate::value::{Native, as_int, dict, py_repr, tuple};

/// What a pattern matched.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub text: Arc<str>,
    /// The bytes of each group; the first is the whole match.
    pub groups: Vec<Option<(usize, usize)>>,
    pub names: Arc<[Option<String>]>,
}

impl Match {
    pub fn group(&self, at: usize) -> Option<&str> {
        let (start, end) = (*self.groups.get(at)?)?;
        self.text.get(start..end)
    }

    pub fn index(&self, key: &Value) -> Eval<usize> {
        let at = match key.as_str() {
            Some(name) => self.names.iter().position(|known| known.as_deref() == Some(name)),
            None => as_int(key).and_then(|at| usize::try_from(at).ok()).filter(|at| *at < self.groups.len()),
        };
        at.ok_or_else(|| value_error("no such group"))
    }

    fn value(&self, at: usize, default: &Value) -> Value {
        self.group(at).map_or_else(|| default.clone(), Value::from)
    }

    /// Positions in characters; -1 for a group that took no part.
    fn span(&self, at: usize) -> (i64, i64) {
        let chars = |end: usize| self.text[..end].chars().count() as i64;
        self.groups[at].map_or((-1, -1), |(start, end)| (chars(start), chars(end)))
    }

    fn call(&self, name: &str, args: &Args) -> Eval<Value> {
        let none = Value::from(());
        match name {
            "group" => {
                let mut found = Vec::new();
                for key in &args.pos {
                    found.push(self.value(self.index(key)?, &none));
                }
                Ok(match found.len() {
                    0 => self.value(0, &none),
                    1 => found.remove(0),
                    _ => tuple(found),
                })
            }
            "groups" => {
                let [default] = args.bind(name, ["default"], 0)?;
                let default = default.unwrap_or(none);
                Ok(tuple((1..self.groups.len()).map(|at| self.value(at, &default)).collect()))
            }
            "groupdict" => {
                let [default] = args.bind(name, ["default"], 0)?;
                let default = default.unwrap_or(none);
                let named = self.names.iter().enumerate();
                Ok(dict(named.filter_map(|(at, name)| Some((name.as_deref()?, self.value(at, &default))))))
            }
            _ => {
                let [group] = args.bind(name, ["group"], 0)?;
                let (start, end) = self.span(self.index(&group.unwrap_or_else(|| Value::from(0)))?);
                Ok(match name {
                    "start" => Value::from(start),
                    "end" => Value::from(end),
                    _ => tuple(vec![Value::from(start), Value::from(end)]),
                })
            }
        }
    }
}

impl Native for Match {
    fn type_name(&self) -> &'static str {
        "re.Match"
    }

    fn repr(&self) -> String {
        let (start, end) = self.span(0);
        let text = py_repr(&Value::from(self.group(0).unwrap_or_default()));
        format!("<re.Match object; span=({start}, {end}), match={text}>")
    }

    fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "string" => Some(Value::from(&*self.text)),
            "lastindex" => {
                let last = (1..self.groups.len()).rev().find(|at| self.groups[*at].is_some());
                Some(last.map_or_else(|| Value::from(()), Value::from))
            }
            "pos" => Some(Value::from(0)),
            "endpos" => Some(Value::from(self.text.chars().count())),
            _ => None,
        }
    }

    fn item(&self, key: &Value) -> Option<Value> {
        self.index(key).ok().map(|at| self.value(at, &Value::from(())))
    }

    fn methods(&self) -> &'static [&'static str] {
        &["group", "groups", "groupdict", "start", "end", "span"]
    }

    fn method(&self, _: &mut Interp<'_, '_, '_>, name: &str, args: &Args) -> Option<Eval<Value>> {
        self.methods().contains(&name).then(|| self.call(name, args))
    }
}
