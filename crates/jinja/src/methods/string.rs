//! Methods of strings.

mod case;
mod search;
mod split;

use minijinja::Value;

use crate::args::{Args, need_size, need_str};
use crate::error::{Eval, type_error};
use crate::format::fields;
use crate::interp::Interp;
use crate::syntax::lexer::is_space;
use crate::value::{collect, pairs, type_name};

pub(super) const NAMES: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

pub(crate) use case::capitalize;
pub(crate) use split::lines;

pub(super) fn call(interp: &mut Interp<'_, '_, '_>, text: &str, name: &str, args: &Args) -> Option<Eval<Value>> {
    if let Some(result) = case::call(text, name) {
        return Some(args.nothing(&format!("str.{name}")).map(|()| result));
    }
    Some(match name {
        "strip" | "lstrip" | "rstrip" => strip(text, name, args),
        "split" | "rsplit" => split::split(text, name, args),
        "splitlines" => split::splitlines(text, args),
        "partition" | "rpartition" => split::partition(text, name, args),
        "find" | "rfind" | "index" | "rindex" | "count" => search::find(text, name, args),
        "startswith" | "endswith" => search::affix(text, name, args),
        "replace" => search::replace(text, args),
        "join" => join(text, args),
        "format" => fields::format(interp, text, args).map(Value::from),
        "format_map" => args.one(name, "mapping").and_then(|mapping| {
            let mut named = Args::default();
            for (key, value) in pairs(&mapping).unwrap_or_default() {
                named.kw.push((key.as_str().unwrap_or_default().into(), value));
            }
            fields::format(interp, text, &named).map(Value::from)
        }),
        "center" | "ljust" | "rjust" => justify(text, name, args),
        "zfill" => args.exactly_one("str.zfill").and_then(|width| Ok(Value::from(zfill(text, need_size(&width)?)))),
        "removeprefix" | "removesuffix" => remove_affix(text, name, args),
        "expandtabs" => expand_tabs(text, args),
        "encode" => args.bind(name, ["encoding", "errors"], 0).map(|_| Value::from_bytes(text.as_bytes().to_vec())),
        "translate" => search::translate(text, args),
        "maketrans" => search::maketrans(args),
        _ => return None,
    })
}

/// Python's `str.strip` in its three forms; without `chars` white space goes.
pub(crate) fn strip_chars<'s>(text: &'s str, name: &str, chars: Option<&str>) -> &'s str {
    let matches = |c: char| match chars {
        Some(chars) => chars.contains(c),
        None => is_space(c),
    };
    match name {
        "lstrip" => text.trim_start_matches(matches),
        "rstrip" => text.trim_end_matches(matches),
        _ => text.trim_matches(matches),
    }
}

fn strip(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let [chars] = args.bind(name, ["chars"], 0)?;
    let chars = chars.filter(|chars| !chars.is_none());
    let chars = match &chars {
        Some(chars) => Some(need_str(chars, &format!("{name} arg"))?),
        None => None,
    };
    Ok(Value::from(strip_chars(text, name, chars)))
}

fn join(separator: &str, args: &Args) -> Eval<Value> {
    let iterable = args.exactly_one("str.join")?;
    let mut out = String::new();
    for (at, item) in collect(&iterable)?.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        let Some(text) = item.as_str() else {
            return Err(type_error(format!("sequence item {at}: expected str instance, {} found", type_name(item))));
        };
        out.push_str(text);
    }
    Ok(Value::from(out))
}

fn justify(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let [width, fill] = args.bind(name, ["width", "fillchar"], 1)?;
    let width = need_size(&width.unwrap_or_default())?;
    let fill = fill.unwrap_or_else(|| Value::from(" "));
    let fill = need_str(&fill, "The fill character")?;
    if fill.chars().count() != 1 {
        return Err(type_error("The fill character must be exactly one character long"));
    }
    Ok(Value::from(pad(text, name, width, fill)))
}

/// Pads to a width as `center`, `ljust` or `rjust` do.
pub(crate) fn pad(text: &str, name: &str, width: usize, fill: &str) -> String {
    let len = text.chars().count();
    let room = width.saturating_sub(len);
    let left = match name {
        "ljust" => 0,
        "rjust" => room,
        _ => room / 2 + (room & width & 1),
    };
    format!("{}{text}{}", fill.repeat(left), fill.repeat(room - left))
}

fn zfill(text: &str, width: usize) -> String {
    let room = width.saturating_sub(text.chars().count());
    let (sign, rest) = match text.strip_prefix(['+', '-']) {
        Some(rest) => text.split_at(text.len() - rest.len()),
        None => ("", text),
    };
    format!("{sign}{}{rest}", "0".repeat(room))
}

fn remove_affix(text: &str, name: &str, args: &Args) -> Eval<Value> {
    let affix = args.exactly_one(&format!("str.{name}"))?;
    let affix = need_str(&affix, &format!("{name}() argument"))?;
    let rest = if name == "removeprefix" { text.strip_prefix(affix) } else { text.strip_suffix(affix) };
    Ok(Value::from(rest.unwrap_or(text)))
}

fn expand_tabs(text: &str, args: &Args) -> Eval<Value> {
    let [size] = args.bind("expandtabs", ["tabsize"], 0)?;
    let size = size.map_or(Ok(8), |size| need_size(&size))?.min(1000);
    let (mut out, mut column) = (String::new(), 0);
    for c in text.chars() {
        match c {
            '\t' => {
                let width = if size == 0 { 0 } else { size - column % size };
                out.push_str(&" ".repeat(width));
                column += width;
            }
            '\n' | '\r' => {
                out.push(c);
                column = 0;
            }
            _ => {
                out.push(c);
                column += 1;
            }
        }
    }
    Ok(Value::from(out))
}
