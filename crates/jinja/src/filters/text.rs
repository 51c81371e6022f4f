//! Filters that make text.

use minijinja::Value;

use super::{Context, Path};
use crate::args::{Args, arguments, bool_or, int_or, need_int, need_size};
use crate::error::{Eval, type_error, value_error};
use crate::format::percent;
use crate::methods::string;
use crate::value::{Py, dict, iterate, py_str, tuple, type_name, undefined, view};

fn plain(value: &Value, args: &Args, name: &str, change: impl Fn(&str) -> String) -> Eval<Value> {
    args.none(name)?;
    Ok(Value::from(match value.as_str() {
        Some(text) => change(text),
        None => change(&py_str(value)),
    }))
}

pub(super) fn upper(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    plain(value, args, "do_upper", str::to_uppercase)
}

pub(super) fn lower(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    plain(value, args, "do_lower", str::to_lowercase)
}

pub(super) fn capitalize(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    plain(value, args, "do_capitalize", string::capitalize)
}

pub(super) fn string(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    plain(value, args, "do_string", str::to_owned)
}

/// Unlike `str.title`, words begin only after white space, hyphens and opening brackets.
pub(super) fn title(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    plain(value, args, "do_title", |text| {
        let mut out = String::with_capacity(text.len());
        let mut begins = true;
        for c in text.chars() {
            if begins {
                out.extend(c.to_uppercase());
            } else {
                out.extend(c.to_lowercase());
            }
            begins = c.is_whitespace() || matches!(c, '-' | '(' | '{' | '[' | '<');
        }
        out
    })
}

pub(super) fn trim(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [chars] = args.bind("do_trim", ["chars"], 0)?;
    let chars = chars.as_ref().and_then(Value::as_str);
    Ok(Value::from(string::strip_chars(&py_str(value), "strip", chars)))
}

pub(super) fn center(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [width] = args.bind("do_center", ["width"], 0)?;
    let width = width.map_or(Ok(80), |width| need_size(&width))?;
    Ok(Value::from(string::pad(&py_str(value), "center", width, " ")))
}

pub(super) fn replace(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [old, new, count] = args.bind("do_replace", ["old", "new", "count"], 2)?;
    let (old, new) = (py_str(&old.unwrap_or_default()), py_str(&new.unwrap_or_default()));
    let count = int_or(count.filter(|count| !count.is_none()), -1)?;
    let text = py_str(value);
    Ok(Value::from(match usize::try_from(count) {
        Ok(count) => text.replacen(&old, &new, count),
        Err(_) => text.replace(&old, &new),
    }))
}

pub(super) fn join(interp: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [separator, attribute] = args.bind("sync_do_join", ["d", "attribute"], 0)?;
    let separator = separator.map(|separator| py_str(&separator)).unwrap_or_default();
    let path = Path::new(attribute.as_ref());
    let mut out = String::new();
    for (at, item) in iterate(value)?.enumerate() {
        if at > 0 {
            out.push_str(&separator);
        }
        crate::value::write_str(&mut out, &path.get(interp, &item)?);
    }
    Ok(Value::from(out))
}

pub(super) fn format(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    if !args.pos.is_empty() && !args.kw.is_empty() {
        return Err(arguments("can't handle positional and keyword arguments at the same time"));
    }
    let values = if args.kw.is_empty() {
        tuple(args.pos.clone())
    } else {
        dict(args.kw.iter().map(|(key, value)| (Value::from(&**key), value.clone())))
    };
    percent::format(&py_str(value), &values).map(Value::from)
}

pub(super) fn indent(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [width, first, blank] = args.bind("do_indent", ["width", "first", "blank"], 0)?;
    let prefix = match width {
        None => " ".repeat(4),
        Some(width) => match width.as_str() {
            Some(prefix) => prefix.to_owned(),
            None => " ".repeat(need_int(&width)?.clamp(0, 10_000) as usize),
        },
    };
    let blank = bool_or(blank, false);
    let text = match (value.as_str(), view(value)) {
        (Some(text), _) => format!("{text}\n"),
        (None, Py::Undefined) => return Err(undefined(value).into()),
        (None, Py::List(_) | Py::Seq(_)) => return Err(no_lines(value)),
        _ => {
            let name = type_name(value);
            return Err(type_error(format!("unsupported operand type(s) for +=: '{name}' and 'str'")));
        }
    };
    let mut out = if bool_or(first, false) { prefix.clone() } else { String::new() };
    for (at, line) in string::lines(&text, false).into_iter().enumerate() {
        if at > 0 {
            out.push('\n');
            if blank || !line.is_empty() {
                out.push_str(&prefix);
            }
        }
        out.push_str(line);
    }
    Ok(Value::from(out))
}

pub(super) fn truncate(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [length, kill_words, end, leeway] = args.bind("do_truncate", ["length", "killwords", "end", "leeway"], 0)?;
    let length = int_or(length, 255)?;
    let end = end.map_or_else(|| "...".to_owned(), |end| py_str(&end));
    let leeway = int_or(leeway.filter(|leeway| !leeway.is_none()), 5)?;
    let end_len = end.chars().count() as i128;
    if length < end_len {
        return Err(value_error(format!("expected length >= {end_len}, got {length}")));
    }
    if leeway < 0 {
        return Err(value_error(format!("expected leeway >= 0, got {leeway}")));
    }
    if crate::value::length(value)? as i128 <= length + leeway {
        return Ok(value.clone());
    }
    let Some(text) = value.as_str() else {
        return Err(type_error("can only concatenate text"));
    };
    let cut: String = text.chars().take((length - end_len) as usize).collect();
    let kept =
        if bool_or(kill_words, false) { &cut[..] } else { cut.rsplit_once(' ').map_or(&cut[..], |(head, _)| head) };
    Ok(Value::from(format!("{kept}{end}")))
}

/// The complaint about a value that is no text where lines are wanted.
pub(super) fn no_lines(value: &Value) -> Box<crate::error::Signal> {
    type_error(format!("'{}' object has no attribute 'splitlines'", type_name(value)))
}

pub(super) fn wordcount(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    args.none("do_wordcount")?;
    let text = py_str(value);
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    Ok(Value::from(text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).count()))
}
