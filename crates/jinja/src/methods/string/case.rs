//! Methods without arguments: cases and predicates.

use minijinja::Value;

use crate::syntax::lexer::is_space;

pub(super) fn call(text: &str, name: &str) -> Option<Value> {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    Some(match name {
        "upper" => Value::from(text.to_uppercase()),
        "lower" => Value::from(text.to_lowercase()),
        "casefold" => Value::from(text.replace('ß', "ss").to_lowercase()),
        "capitalize" => Value::from(capitalize(text)),
        "title" => Value::from(title(text)),
        "swapcase" => Value::from(swapcase(text)),
        "isalnum" => Value::from(all(char::is_alphanumeric)),
        "isalpha" => Value::from(all(char::is_alphabetic)),
        "isascii" => Value::from(text.is_ascii()),
        "isdecimal" | "isdigit" => Value::from(all(|c| c.is_ascii_digit() || (c.is_numeric() && !c.is_ascii()))),
        "isnumeric" => Value::from(all(char::is_numeric)),
        "isidentifier" => Value::from(is_identifier(text)),
        "islower" => Value::from(cased(text, char::is_lowercase)),
        "isupper" => Value::from(cased(text, char::is_uppercase)),
        "istitle" => Value::from(is_title(text)),
        "isprintable" => Value::from(text.chars().all(|c| !c.is_control() && (c == ' ' || !c.is_whitespace()))),
        "isspace" => Value::from(all(is_space)),
        _ => return None,
    })
}

/// Python's `str.capitalize`.
pub(crate) fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars.as_str().to_lowercase().chars()).collect(),
        None => String::new(),
    }
}

/// Python's `str.title`: every run of letters starts with a capital.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}

fn swapcase(text: &str) -> String {
    let swap =
        |c: char| -> String { if c.is_uppercase() { c.to_lowercase().collect() } else { c.to_uppercase().collect() } };
    text.chars().map(swap).collect()
}

fn is_identifier(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}

fn cased(text: &str, test: fn(char) -> bool) -> bool {
    let mut letters = text.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).peekable();
    letters.peek().is_some() && letters.all(test)
}

fn is_title(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && title(text) == text
}
