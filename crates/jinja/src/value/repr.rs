//! How Python prints values.

use minijinja::Value;
use minijinja::value::DynObject;

use super::number::float_repr;
use super::{Py, pairs, view};

/// Beyond this depth a container is taken for one that contains itself.
const MAX_DEPTH: usize = 100;

/// Python's `str(value)`.
pub fn py_str(value: &Value) -> String {
    let mut out = String::new();
    write_str(&mut out, value);
    out
}

/// Python's `repr(value)`.
pub fn py_repr(value: &Value) -> String {
    let mut out = String::new();
    write_repr(&mut out, value, 0);
    out
}

/// Appends `str(value)`.
pub(crate) fn write_str(out: &mut String, value: &Value) {
    match view(value) {
        Py::Str(text) => out.push_str(text),
        Py::Undefined => {}
        Py::Native(native) => out.push_str(&native.text()),
        Py::Object(object) => out.push_str(&object.to_string()),
        Py::Map(object) | Py::Seq(object) => write_foreign(out, value, object),
        _ => write_repr(out, value, 0),
    }
}

/// A container made elsewhere prints itself when it says how; plain ones print as Python's do.
fn write_foreign(out: &mut String, value: &Value, object: &DynObject) {
    let text = object.to_string();
    if text.starts_with(['{', '[']) {
        write_repr(out, value, 0);
    } else {
        out.push_str(&text);
    }
}

fn write_repr(out: &mut String, value: &Value, depth: usize) {
    match view(value) {
        Py::None => out.push_str("None"),
        Py::Undefined => out.push_str("Undefined"),
        Py::Bool(flag) => out.push_str(if flag { "True" } else { "False" }),
        Py::Int(number) => out.push_str(&number.to_string()),
        Py::Float(number) => out.push_str(&float_repr(number)),
        Py::Str(text) => quote(out, text),
        Py::Bytes(bytes) => write_bytes(out, bytes),
        Py::List(list) => write_items(out, ["[", "]"], &list.items(), depth),
        Py::Tuple(tuple) if tuple.len() == 1 => write_items(out, ["(", ",)"], tuple, depth),
        Py::Tuple(tuple) => write_items(out, ["(", ")"], tuple, depth),
        Py::Set(set) if set.is_empty() => out.push_str("set()"),
        Py::Set(set) => write_items(out, ["{", "}"], &set.items(), depth),
        Py::Dict(dict) => write_pairs(out, &dict.pairs(), depth),
        Py::Native(native) => out.push_str(&native.repr()),
        Py::Map(object) => {
            let text = object.to_string();
            match pairs(value) {
                Some(pairs) if text.starts_with('{') => write_pairs(out, &pairs, depth),
                _ => out.push_str(&format!("{object:?}")),
            }
        }
        Py::Seq(object) => {
            let text = object.to_string();
            match object.try_iter() {
                Some(items) if text.starts_with('[') => {
                    write_items(out, ["[", "]"], &items.collect::<Vec<_>>(), depth);
                }
                _ => out.push_str(&format!("{object:?}")),
            }
        }
        Py::Object(object) => out.push_str(&object.to_string()),
    }
}

fn write_items(out: &mut String, brackets: [&str; 2], items: &[Value], depth: usize) {
    out.push_str(brackets[0]);
    if depth >= MAX_DEPTH {
        out.push_str("...");
    } else {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            write_repr(out, item, depth + 1);
        }
    }
    out.push_str(brackets[1]);
}

fn write_pairs(out: &mut String, pairs: &[(Value, Value)], depth: usize) {
    out.push('{');
    if depth >= MAX_DEPTH {
        out.push_str("...");
    } else {
        for (index, (key, value)) in pairs.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            write_repr(out, key, depth + 1);
            out.push_str(": ");
            write_repr(out, value, depth + 1);
        }
    }
    out.push('}');
}

/// Appends a string as a Python literal.
fn quote(out: &mut String, text: &str) {
    let delimiter = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(delimiter);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == delimiter => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push(delimiter);
}

fn is_printable(c: char) -> bool {
    match c {
        ' ' => true,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => false,
        '\u{e000}'..='\u{f8ff}' => false,
        _ => !c.is_control() && !c.is_whitespace(),
    }
}

fn write_bytes(out: &mut String, bytes: &[u8]) {
    out.push_str("b'");
    for byte in bytes {
        match byte {
            b'\\' | b'\'' => out.extend(['\\', *byte as char]),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x20..=0x7e => out.push(*byte as char),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('\'');
}
