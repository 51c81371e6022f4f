//! Numbers as PyYAML reads them, which is YAML 1.1 with rules of its own.

use std::sync::LazyLock;

use dbt_yaml::Value;
use regex::Regex;

const INTEGER: &str = r"^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$";
const FLOAT: &str = r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$";

static IS_INTEGER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(INTEGER).ok());
static IS_FLOAT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(FLOAT).ok());

/// Reads anew what looks like a number: `014` is 12, `1:30` is 90, and `1e3` a text.
pub(super) fn read_numbers(text: &str, value: &mut Value) {
    match value {
        Value::Sequence(items, _) => items.iter_mut().for_each(|item| read_numbers(text, item)),
        Value::Mapping(map, _) => map.values_mut().for_each(|item| read_numbers(text, item)),
        Value::Number(..) | Value::String(..) => {
            if let Some(found) = written(text, value).and_then(|raw| other_than(value, raw)) {
                let span = value.span().clone();
                *value = found.with_span(span);
            }
        }
        _ => {}
    }
}

/// How a scalar is written, if it may be a number: without quotes, without a tag.
fn written<'a>(text: &'a str, value: &Value) -> Option<&'a str> {
    let at = value.span();
    // A span may reach as far as the next token.
    let rest = text.get(at.start.index..)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-' | '.' | ':')));
    let raw = &rest[..end.unwrap_or(rest.len())];
    let possible = raw.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let plain = possible && !matches!(value, Value::String(read, _) if read != raw);
    let tagged = || {
        text[..at.start.index].trim_end().rsplit([' ', '\n', '[', '{', ',']).next().is_some_and(|w| w.starts_with('!'))
    };
    (plain && !tagged()).then_some(raw)
}

/// What it is, where that is something else than what was read.
fn other_than(value: &Value, raw: &str) -> Option<Value> {
    let is = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|p| p.is_match(raw));
    match (value, is(&IS_INTEGER), is(&IS_FLOAT)) {
        (Value::Number(n, _), true, _) => {
            let read = integer(raw)?;
            (n.as_i64() != Some(read)).then(|| Value::number(read.into()))
        }
        (Value::String(..), true, _) => Some(Value::number(integer(raw)?.into())),
        (Value::String(..), _, true) => Some(Value::number(float(raw)?.into())),
        (Value::Number(n, _), false, false) if n.is_finite() => Some(Value::string(raw.to_owned())),
        _ => None,
    }
}

fn integer(raw: &str) -> Option<i64> {
    let (sign, digits) = signed(raw);
    let digits = digits.replace('_', "");
    let number = match digits.get(..2) {
        Some("0b") => i64::from_str_radix(&digits[2..], 2).ok()?,
        Some("0x") => i64::from_str_radix(&digits[2..], 16).ok()?,
        _ if digits.contains(':') => {
            digits.split(':').try_fold(0_i64, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?))?
        }
        Some(_) if digits.starts_with('0') => i64::from_str_radix(&digits, 8).ok()?,
        _ => digits.parse().ok()?,
    };
    Some(sign * number)
}

fn float(raw: &str) -> Option<f64> {
    let (sign, digits) = signed(raw);
    let parts = digits.replace('_', "");
    let number = parts.split(':').try_fold(0.0, |sum: f64, part| Some(sum * 60.0 + part.parse::<f64>().ok()?))?;
    Some(if sign < 0 { -number } else { number })
}

fn signed(raw: &str) -> (i64, &str) {
    match raw.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, raw.strip_prefix('+').unwrap_or(raw)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use crate::config::yaml::{parse, to_json};
    use crate::source::SourceMap;

    /// What is not as in Python, and why.
    const KNOWN: [&str; 12] = [
        // No number of JSON.
        "a: .inf",
        "a: -.INF",
        "a: .nan",
        "a: 100000000000000000000",
        // Moments keep the form in which they are written.
        "a: 2024-01-01T10:00:00Z",
        "a: 2024-01-01 10:00:00.123 +02:00",
        // Keys that are no text are taken for the text that stands there.
        "yes: a",
        "null: a",
        // Nothing that anybody means; a tab that does no harm.
        "a:\t1",
        "a: =",
        "a: <<",
        "a: !custom x",
    ];

    #[test]
    fn documents_are_read_as_pyyaml_reads_them() {
        let cases: Json = serde_json::from_str(include_str!("testdata/expected.json")).unwrap();
        let mut wrong = Vec::new();
        for case in cases.as_array().unwrap() {
            let yaml = case["yaml"].as_str().unwrap();
            let mut sources = SourceMap::default();
            let id = sources.add("a.yml", yaml);
            let read = parse(id, sources.get(id));
            let read = read.map_or_else(|_| Json::from("error"), |v| v.map_or(Json::Null, |v| to_json(&v)));
            let expected = case.get("value").cloned().unwrap_or_else(|| Json::from("error"));
            if (read != expected) != KNOWN.contains(&yaml) {
                wrong.push(format!("{yaml:?}\n    Python {expected}\n    karat  {read}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
