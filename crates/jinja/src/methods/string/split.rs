//! Splitting strings.

use minijinja::Value;

use crate::args::{Args, bool_or, int_or, need_str};
use crate::error::{Eval, value_error};
use crate::syntax::lexer::is_space;
use crate::value::{list, tuple};

fn strings<'s>(parts: impl IntoIterator<Item = &'s str>) -> Value {
    list(parts.into_iter().map(Value::from).collect())
}

pub(super) fn split(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let [separator, limit] = args.bind(name, ["sep", "maxsplit"], 0)?;
    let limit = usize::try_from(int_or(limit, -1)?).unwrap_or(usize::MAX);
    let separator = separator.filter(|separator| !separator.is_none());
    let Some(separator) = separator else {
        return Ok(strings(if name == "split" { by_space(text, limit) } else { by_space_from_right(text, limit) }));
    };
    let separator = need_str(&separator, "sep")?;
    if separator.is_empty() {
        return Err(value_error("empty separator"));
    }
    let count = limit.saturating_add(1);
    if name == "split" {
        return Ok(strings(text.splitn(count, separator)));
    }
    let mut parts: Vec<&str> = text.rsplitn(count, separator).collect();
    parts.reverse();
    Ok(strings(parts))
}

fn by_space(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == limit {
            parts.push(rest);
            break;
        }
        let len = rest.find(is_space).unwrap_or(rest.len());
        parts.push(&rest[..len]);
        rest = rest[len..].trim_start_matches(is_space);
    }
    parts
}

fn by_space_from_right(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == limit {
            parts.push(rest);
            break;
        }
        let trimmed = rest.trim_end_matches(|c| !is_space(c));
        parts.push(&rest[trimmed.len()..]);
        rest = trimmed.trim_end_matches(is_space);
    }
    parts.reverse();
    parts
}

/// Python's `str.splitlines`.
pub(crate) fn lines(text: &str, keep_ends: bool) -> Vec<&str> {
    let is_end = |c: char| {
        matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c' | '\x1d' | '\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_end) {
        let width =
            if rest[at..].starts_with("\r\n") { 2 } else { rest[at..].chars().next().map_or(1, char::len_utf8) };
        out.push(&rest[..if keep_ends { at + width } else { at }]);
        rest = &rest[at + width..];
    }
    if !rest.is_empty() {
        out.push(rest);
    }
    out
}

pub(super) fn splitlines(text: &str, args: &Args) -> Eval<Value> {
    let [keep_ends] = args.bind("splitlines", ["keepends"], 0)?;
    Ok(strings(lines(text, bool_or(keep_ends, false))))
}

pub(super) fn partition(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let separator = args.exactly_one(&format!("str.{name}"))?;
    let separator = need_str(&separator, "sep")?;
    if separator.is_empty() {
        return Err(value_error("empty separator"));
    }
    let found = if name == "partition" { text.find(separator) } else { text.rfind(separator) };
    let parts = match found {
        Some(at) => [&text[..at], separator, &text[at + separator.len()..]],
        None if name == "partition" => [text, "", ""],
        None => ["", "", text],
    };
    Ok(tuple(parts.into_iter().map(Value::from).collect()))
}
