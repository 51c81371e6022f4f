//! Filters for HTML, URLs and JSON.

use minijinja::Value;

use super::Context;
use crate::args::{Args, bool_or, need_int};
use crate::error::{Eval, type_error, value_error};
use crate::json;
use crate::value::{Py, collect, is_undefined, pairs, py_repr, py_str, type_name, view};

fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&#39;"),
            '"' => out.push_str("&#34;"),
            _ => out.push(c),
        }
    }
    out
}

pub(super) fn escape(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_escape")?;
    Ok(Value::from(escape_html(&py_str(value))))
}

pub(super) fn striptags(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_striptags")?;
    let mut text = py_str(value);
    for (open, close) in [("<!--", "-->"), ("<", ">")] {
        while let Some(start) = text.find(open) {
            let Some(len) = text[start..].find(close) else { break };
            text.replace_range(start..start + len + close.len(), "");
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Value::from(unescape_html(&text)))
}

fn unescape_html(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#34;", "\""), ("&quot;", "\""), ("&nbsp;", "\u{a0}")];
    let text = named.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c));
    text.replace("&amp;", "&")
}

pub(super) fn xmlattr(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [autospace] = args.bind("do_xmlattr", ["autospace"], 0)?;
    crate::value::defined(value)?;
    let mut out = String::new();
    for (key, value) in
        pairs(value).ok_or_else(|| type_error(format!("'{}' object has no attribute 'items'", type_name(value))))?
    {
        if value.is_none() || is_undefined(&value) {
            continue;
        }
        let key = py_str(&key);
        if key.contains(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=')) {
            return Err(value_error(format!("Invalid character in attribute name: {}", py_repr(&Value::from(key)))));
        }
        out += &format!(" {}=\"{}\"", escape_html(&key), escape_html(&py_str(&value)));
    }
    Ok(Value::from(if bool_or(autospace, true) { &out[..] } else { out.trim_start() }))
}

fn quote_url(text: &str, query: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(byte as char),
            b'/' if !query => out.push('/'),
            b' ' if query => out.push('+'),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

pub(super) fn urlencode(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_urlencode")?;
    let items: Vec<(Value, Value)> = match (pairs(value), view(value)) {
        (Some(items), _) => items,
        (None, Py::List(_) | Py::Tuple(_) | Py::Seq(_) | Py::Native(_) | Py::Set(_)) => {
            let mut items = Vec::new();
            for item in collect(value)? {
                match &collect(&item)?[..] {
                    [key, value] => items.push((key.clone(), value.clone())),
                    _ => return Err(value_error("not enough values to unpack (expected 2)")),
                }
            }
            items
        }
        _ => return Ok(Value::from(quote_url(&py_str(value), false))),
    };
    let encode = |(key, value): &(Value, Value)| {
        format!("{}={}", quote_url(&py_str(key), true), quote_url(&py_str(value), true))
    };
    Ok(Value::from(items.iter().map(encode).collect::<Vec<_>>().join("&")))
}

pub(super) fn tojson(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [indent] = args.bind("do_tojson", ["indent"], 0)?;
    let indent = match indent.filter(|indent| !indent.is_none()) {
        Some(indent) => Some(need_int(&indent)?.clamp(0, 100) as usize),
        None => None,
    };
    if is_undefined(value) {
        return Err(type_error(format!("Object of type {} is not JSON serializable", type_name(value))));
    }
    let text = json::dumps(value, &json::Options { sort_keys: true, indent })?;
    let safe = text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('\'', "\\u0027");
    Ok(Value::from(safe))
}
