//! Quoting of names and texts for DuckDB.

use std::borrow::Cow;

use crate::RelationName;

/// A name between double quotes.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text between single quotes.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// All parts of a relation's name, quoted and joined by dots.
pub(super) fn relation(name: &RelationName) -> String {
    name.parts().map(quote).collect::<Vec<_>>().join(".")
}

/// A member's name as DuckDB prints it within a type: quoted if it is a keyword or has other letters than ASCII
/// letters, digits and underscores.
pub(super) fn quote_if_needed(name: &str) -> Cow<'_, str> {
    let mut letters = name.chars();
    let starts_well = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let is_word = starts_well && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_word && !is_keyword(name) { Cow::Borrowed(name) } else { Cow::Owned(quote(name)) }
}

fn is_keyword(name: &str) -> bool {
    include_str!("keywords.txt").split_ascii_whitespace().any(|keyword| keyword.eq_ignore_ascii_case(name))
}
