//! `package-lock.yml`: which packages were chosen, in the form that dbt writes.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use sha1::{Digest, Sha1};

use crate::deps::spec::Spec;
use crate::load::hex;

/// The name of the file.
pub const LOCK: &str = "package-lock.yml";
/// The key under which it says of which entries it was made.
pub const HASH: &str = "sha1_hash";

/// What tells whether the entries of `packages.yml` are those that a lock file was made of.
pub fn hash(specs: &[Spec]) -> String {
    let mut texts: Vec<String> = specs.iter().map(|spec| python_json(&spec.hashed)).collect();
    texts.sort();
    hex(&Sha1::digest(texts.join("\n")))
}

/// JSON as Python writes it, the keys sorted.
fn python_json(value: &Json) -> String {
    match value {
        Json::Object(map) => {
            let sorted: BTreeMap<&String, &Json> = map.iter().collect();
            let items: Vec<String> =
                sorted.into_iter().map(|(k, v)| format!("{}: {}", python_text(k), python_json(v))).collect();
            format!("{{{}}}", items.join(", "))
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(python_json).collect();
            format!("[{}]", items.join(", "))
        }
        Json::String(text) => python_text(text),
        other => other.to_string(),
    }
}

fn python_text(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        match c {
            ' '..='~' => out.push(c),
            _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04x}")),
        }
    }
    out
}

/// A file that lists entries, each a mapping of texts, and ends with the hash where there is one.
pub fn list(entries: &[Vec<(String, Json)>], hash: Option<&str>) -> String {
    let mut out = String::from("packages:");
    if entries.is_empty() {
        out += " []";
    }
    out.push('\n');
    for entry in entries {
        let mut sorted: Vec<&(String, Json)> = entry.iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        for (index, (key, value)) in sorted.into_iter().enumerate() {
            out += if index == 0 { "  - " } else { "    " };
            match value {
                Json::Array(items) => {
                    out += &format!("{key}:\n");
                    for item in items {
                        out += &format!("      - {}\n", scalar(item, 8));
                    }
                }
                one => out += &format!("{key}: {}\n", scalar(one, 6 + key.len())),
            }
        }
    }
    if let Some(hash) = hash {
        out += &format!("{HASH}: {}\n", scalar(&Json::from(hash), 11));
    }
    out
}

/// A scalar as PyYAML writes it, behind `column` other characters of its line.
fn scalar(value: &Json, column: usize) -> String {
    match value {
        Json::String(text) if !text.bytes().all(|b| matches!(b, b' '..=b'~')) => python_text(text),
        Json::String(text) if is_plain(text) => folded(text, column, "      "),
        Json::String(text) => folded(&format!("'{}'", text.replace('\'', "''")), column, "      "),
        other => other.to_string(),
    }
}

/// Whether a text needs no quotes: nothing in it has a meaning of its own, and it is read back as a text.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let starts = "#,[]{}&*!|>'\"%@` ".contains(first)
        || "-?:".contains(first) && text.chars().nth(1).is_none_or(|c| c == ' ')
        || text.starts_with("---")
        || text.starts_with("...");
    let means = text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.ends_with(' ');
    let word = matches!(
        text.to_lowercase().as_str(),
        "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "=" | "<<"
    );
    let number =
        text.bytes().all(|b| b.is_ascii_digit() || b"+-._:eExXoOaAbBcCdDfFinN".contains(&b)) && dbt_number(text);
    !starts && !means && !word && !number
}

/// Whether YAML 1.1 reads a text as a number or a date.
fn dbt_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let decimal = unsigned.split_once('.').is_some_and(|(whole, rest)| {
        let rest = rest.split_once(['e', 'E']).map_or(rest, |(mantissa, _)| mantissa);
        (digits(whole) || whole.is_empty() && !rest.is_empty()) && rest.bytes().all(|b| b.is_ascii_digit() || b == b'_')
    });
    let based = |prefix: &str, radix: u32| {
        unsigned.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix)))
    };
    let date = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    digits(unsigned)
        || decimal
        || based("0x", 16)
        || based("0b", 2)
        || date
        || unsigned.contains(':') && unsigned.split(':').all(digits)
}

/// Breaks a text at single spaces where the line would be longer than 80 characters.
fn folded(text: &str, column: usize, indent: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = column;
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            match at > 80 && !word.is_empty() && !out.ends_with(' ') {
                true => {
                    out.push('\n');
                    out += indent;
                    at = indent.len();
                }
                false => {
                    out.push(' ');
                    at += 1;
                }
            }
        }
        out += word;
        at += word.chars().count();
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The hash is the one that dbt makes of these entries.
    #[test]
    fn entries_are_hashed_as_dbt_does() {
        let entries = [
            json!({"package": "a/b", "version": "1.0.0", "install_prerelease": true}),
            json!({"package": "a/c", "version": "1.2.3"}),
            json!({"git": "https://x/y.git", "revision": 1.0, "warn-unpinned": false, "subdirectory": "sub"}),
            json!({"git": "https://x/z.git", "warn-unpinned": true, "name": "n"}),
            json!({"local": "../é\"\\"}),
            json!({"tarball": "https://t", "name": "tt"}),
        ];
        let specs: Vec<Spec> = entries.iter().map(|e| Spec::read(e, e, None).unwrap()).collect();
        assert_eq!(hash(&specs), "5db902a2268d56f00eeeed7940b5d431d67a65db");
    }

    /// The texts are as PyYAML writes them.
    #[test]
    fn scalars_are_quoted_where_yaml_needs_it() {
        for (text, expected) in [
            ("1.3.0", "1.3.0"),
            ("1.3", "'1.3'"),
            ("0123456789012345678901234567890123456789", "'0123456789012345678901234567890123456789'"),
            ("1234567890e234567890123456789012345678901", "1234567890e234567890123456789012345678901"),
            (">=1.0.0", "'>=1.0.0'"),
            ("<2.0.0", "<2.0.0"),
            ("*****/repo", "'*****/repo'"),
            ("https://a/{{ env_var('X') }}", "https://a/{{ env_var('X') }}"),
            ("{{ env_var('X') }}", "'{{ env_var(''X'') }}'"),
            ("git@github.com:a/b.git", "git@github.com:a/b.git"),
            ("", "''"),
            ("yes", "'yes'"),
            ("2024-01-01", "'2024-01-01'"),
            ("-x", "-x"),
        ] {
            assert_eq!(scalar(&Json::from(text), 0), expected);
        }
    }
}
