//! Python's `json.dumps`.

use minijinja::Value;

use crate::error::{ErrorKind, Eval, JinjaError, Signal, finish, raise, type_error};
use crate::value::number::float_repr;
use crate::value::{Py, iterate, json_key, pairs, type_name, view};

/// The options of `json.dumps`.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub sort_keys: bool,
    pub indent: Option<usize>,
}

const MAX_DEPTH: usize = 200;

/// The JSON text of a value, in Python's spelling.
pub(crate) fn dumps(value: &Value, options: &Options) -> Eval<String> {
    let mut out = String::new();
    Writer { out: &mut out, options }.value(value, 0)?;
    Ok(out)
}

/// The JSON text of a value as `json.dumps` writes it on one line.
///
/// # Errors
/// When a value has no form in JSON.
pub fn dump(value: &Value) -> Result<String, JinjaError> {
    dumps(value, &Options::default()).map_err(|signal| finish(*signal))
}

/// Whether `json.dumps` would have raised a `ValueError` rather than a `TypeError`.
pub(crate) fn is_value_error(signal: &Signal) -> bool {
    matches!(signal, Signal::Error(error) if error.kind() == ErrorKind::Value)
}

struct Writer<'a> {
    out: &'a mut String,
    options: &'a Options,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Eval<()> {
        if depth > MAX_DEPTH {
            return Err(raise(ErrorKind::Value, "Circular reference detected"));
        }
        match view(value) {
            Py::None => self.out.push_str("null"),
            Py::Bool(flag) => self.out.push_str(if flag { "true" } else { "false" }),
            Py::Int(number) => self.out.push_str(&number.to_string()),
            Py::Float(number) => self.out.push_str(&float(number)),
            Py::Str(text) => self.string(text),
            Py::List(_) | Py::Tuple(_) | Py::Seq(_) => {
                let items: Vec<Value> = iterate(value)?.collect();
                self.container(['[', ']'], items.len(), depth, |writer, at| writer.value(&items[at], depth + 1))?;
            }
            Py::Dict(_) | Py::Map(_) => {
                let mut items = Vec::new();
                for (key, value) in pairs(value).unwrap_or_default() {
                    items.push((json_key(&key)?, value));
                }
                if self.options.sort_keys {
                    items.sort_by(|(a, _), (b, _)| a.cmp(b));
                }
                self.container(['{', '}'], items.len(), depth, |writer, at| {
                    writer.string(&items[at].0);
                    writer.out.push_str(": ");
                    writer.value(&items[at].1, depth + 1)
                })?;
            }
            _ if type_name(value) == "tuple" => {
                let items: Vec<Value> = iterate(value)?.collect();
                self.container(['[', ']'], items.len(), depth, |writer, at| writer.value(&items[at], depth + 1))?;
            }
            _ => {
                return Err(type_error(format!("Object of type {} is not JSON serializable", type_name(value))));
            }
        }
        Ok(())
    }

    fn container(
        &mut self,
        brackets: [char; 2],
        count: usize,
        depth: usize,
        mut item: impl FnMut(&mut Self, usize) -> Eval<()>,
    ) -> Eval<()> {
        self.out.push(brackets[0]);
        for at in 0..count {
            if at > 0 {
                self.out.push_str(if self.options.indent.is_some() { "," } else { ", " });
            }
            self.new_line(depth + 1);
            item(self, at)?;
        }
        if count > 0 {
            self.new_line(depth);
        }
        self.out.push(brackets[1]);
        Ok(())
    }

    fn new_line(&mut self, depth: usize) {
        if let Some(indent) = self.options.indent {
            self.out.push('\n');
            self.out.push_str(&" ".repeat(indent * depth));
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\x08' => self.out.push_str("\\b"),
                '\x0c' => self.out.push_str("\\f"),
                ' '..='~' => self.out.push(c),
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
        self.out.push('"');
    }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        "NaN".into()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity".into() } else { "-Infinity".into() }
    } else {
        float_repr(number)
    }
}
