//! Templates of `re.sub`: `\1`, `\g<name>`.

use crate::error::{Eval, value_error};

/// A part of a replacement.
#[derive(Debug)]
pub(super) enum Part {
    Text(String),
    Group(usize),
    Named(String),
}

/// Parses a replacement template.
pub(super) fn parse(template: &str) -> Eval<Vec<Part>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else { return Err(value_error("bad escape (end of pattern)")) };
        if c.is_ascii_digit() && c != '0' {
            let len = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(Part::Group(rest[..len].parse().unwrap_or(0)));
            rest = &rest[len..];
        } else if c == 'g' {
            let named = rest.strip_prefix("g<").and_then(|named| named.split_once('>'));
            let Some((name, after)) = named else { return Err(value_error("missing group name")) };
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(name.parse().map_or_else(|_| Part::Named(name.to_owned()), Part::Group));
            rest = after;
        } else {
            match c {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'a' => text.push('\x07'),
                'b' => text.push('\x08'),
                'f' => text.push('\x0c'),
                'v' => text.push('\x0b'),
                '0' => text.push('\0'),
                c if c.is_ascii_alphabetic() => return Err(value_error(format!("bad escape \\{c}"))),
                '\\' => text.push('\\'),
                c => text.extend(['\\', c]),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    text.push_str(rest);
    parts.push(Part::Text(text));
    Ok(parts)
}
