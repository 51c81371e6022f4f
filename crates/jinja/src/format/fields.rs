//! `str.format`: the replacement fields.

use minijinja::Value;

use super::spec;
use crate::args::Args;
use crate::error::{Eval, value_error};
use crate::interp::Interp;
use crate::value::{is_undefined, py_repr, py_str, undefined};

/// How deep fields may stand in the specifications of fields.
const MAX_DEPTH: usize = 3;

/// `text.format(*args, **kwargs)`
pub(crate) fn format(interp: &mut Interp<'_, '_, '_>, text: &str, args: &Args) -> Eval<String> {
    Formatter { interp, args, next: 0 }.format(text, 0)
}

struct Formatter<'f, 'a, 't, 'e> {
    interp: &'f mut Interp<'a, 't, 'e>,
    args: &'f Args,
    next: usize,
}

impl Formatter<'_, '_, '_, '_> {
    fn format(&mut self, text: &str, depth: usize) -> Eval<String> {
        if depth >= MAX_DEPTH {
            return Err(value_error("Max string recursion exceeded"));
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                out.push_str(brace);
                rest = after;
            } else if brace == "}" {
                return Err(value_error("Single '}' encountered in format string"));
            } else {
                let end = field_end(rest).ok_or_else(|| value_error("expected '}' before end of string"))?;
                out.push_str(&self.field(&rest[..end], depth)?);
                rest = &rest[end + 1..];
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(&mut self, field: &str, depth: usize) -> Eval<String> {
        let (head, spec) = match split_spec(field) {
            Some(at) => (&field[..at], &field[at + 1..]),
            None => (field, ""),
        };
        let (name, conversion) = match head.split_once('!') {
            Some((name, conversion)) => (name, Some(conversion)),
            None => (head, None),
        };
        let value = self.lookup(name)?;
        if is_undefined(&value) && name.contains(['.', '[']) {
            return Err(undefined(&value).into());
        }
        let value = match conversion {
            None => value,
            Some("s") => Value::from(py_str(&value)),
            Some("r" | "a") => Value::from(py_repr(&value)),
            Some(other) => return Err(value_error(format!("Unknown conversion specifier '{other}'"))),
        };
        let spec = self.format(spec, depth + 1)?;
        spec::format(&value, &spec)
    }

    fn lookup(&mut self, name: &str) -> Eval<Value> {
        let len = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(len);
        let mut value = self.argument(first)?;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let len = after.find(['.', '[']).unwrap_or(after.len());
                value = self.interp.get_attr(&value, &Value::from(&after[..len]))?;
                rest = &after[len..];
            } else {
                let len = rest.find(']').ok_or_else(|| value_error("Missing ']' in format string"))?;
                let key = &rest[1..len];
                let key = key.parse::<i64>().map_or_else(|_| Value::from(key), Value::from);
                value = self.interp.get_item(&value, &key)?;
                rest = &rest[len + 1..];
            }
        }
        Ok(value)
    }

    fn argument(&mut self, name: &str) -> Eval<Value> {
        let index = if name.is_empty() {
            self.next += 1;
            Some(self.next - 1)
        } else {
            name.parse::<usize>().ok()
        };
        let found = match index {
            Some(index) => self.args.pos.get(index),
            None => self.args.keyword(name),
        };
        found.cloned().ok_or_else(|| match index {
            Some(_) => value_error("tuple index out of range"),
            None => value_error(py_repr(&Value::from(name))),
        })
    }
}

/// The position of the brace that closes a field.
fn field_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The position of the colon before the specification, outside of brackets.
fn split_spec(field: &str) -> Option<usize> {
    let mut inside = false;
    field.char_indices().find_map(|(at, c)| {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            ':' if !inside => return Some(at),
            _ => {}
        }
        None
    })
}
