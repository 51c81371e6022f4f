//! Cells out of the text that the server writes.

use tokio_postgres::types::{Kind, Type};

use crate::Cell;

/// The cell of a text of a type.
pub(super) fn cell(of: &Type, text: &str) -> Cell {
    match of.kind() {
        Kind::Array(inner) => return array(inner, text).unwrap_or_else(|| Cell::Text(text.to_owned())),
        Kind::Domain(inner) => return cell(inner, text),
        _ => {}
    }
    let kept = || text.to_owned();
    match *of {
        Type::BOOL => Cell::Bool(text == "t"),
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => text.parse().map_or_else(|_| Cell::Text(kept()), Cell::Int),
        Type::FLOAT4 | Type::FLOAT8 => text.parse().map_or_else(|_| Cell::Text(kept()), Cell::Float),
        Type::NUMERIC => Cell::Decimal(kept()),
        Type::BYTEA => bytes(text).map_or_else(|| Cell::Text(kept()), Cell::Bytes),
        Type::DATE => Cell::Date(era(text)),
        Type::TIME | Type::TIMETZ => Cell::Time(kept()),
        Type::TIMESTAMP => Cell::Timestamp(era(text)),
        Type::TIMESTAMPTZ => Cell::TimestampTz(era(text)),
        Type::INTERVAL => Cell::Interval(kept()),
        Type::UUID => Cell::Uuid(kept()),
        Type::JSON | Type::JSONB => Cell::Json(kept()),
        _ => Cell::Text(kept()),
    }
}

/// Years before the common era, marked as everywhere.
fn era(text: &str) -> String {
    text.strip_suffix(" BC").map_or_else(|| text.to_owned(), |text| format!("{text} (BC)"))
}

/// `\x` and two digits for each byte.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\x")?.as_bytes();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// `{1,NULL,"a \"b\""}`, nested as deep as there are dimensions, with the bounds before it where these are unusual.
fn array(inner: &Type, text: &str) -> Option<Cell> {
    let start = text.find('{')?;
    let mut rest = &text[start..];
    let found = items(inner, &mut rest)?;
    rest.is_empty().then_some(found)
}

fn items(inner: &Type, rest: &mut &str) -> Option<Cell> {
    let delimiter = if *inner == Type::BOX { ';' } else { ',' };
    *rest = rest.strip_prefix('{')?;
    let mut cells = Vec::new();
    if let Some(after) = rest.strip_prefix('}') {
        *rest = after;
        return Some(Cell::List(cells));
    }
    loop {
        cells.push(match rest.chars().next()? {
            '{' => items(inner, rest)?,
            '"' => cell(inner, &quoted(rest)?),
            _ => {
                let end = rest.find([delimiter, '}'])?;
                let (text, after) = rest.split_at(end);
                *rest = after;
                if text == "NULL" { Cell::Null } else { cell(inner, text) }
            }
        });
        if let Some(after) = rest.strip_prefix('}') {
            *rest = after;
            return Some(Cell::List(cells));
        }
        *rest = rest.strip_prefix(delimiter)?;
    }
}

/// A text in double quotes, where `\` stands before what is meant as it is.
fn quoted(rest: &mut &str) -> Option<String> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                *rest = &rest[at + 1..];
                return Some(text);
            }
            '\\' => text.push(letters.next()?.1),
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_read() {
        let one = || Cell::Int(1);
        assert_eq!(cell(&Type::INT4_ARRAY, "{1,NULL}"), Cell::List(vec![one(), Cell::Null]));
        assert_eq!(cell(&Type::INT4_ARRAY, "{}"), Cell::List(Vec::new()));
        let nested = Cell::List(vec![Cell::List(vec![one()]), Cell::List(vec![one()])]);
        assert_eq!(cell(&Type::INT4_ARRAY, "[0:1][1:1]={{1},{1}}"), nested);
        let texts = ["a \"b\"", "NULL", "x"].map(|text| Cell::Text(text.to_owned()));
        assert_eq!(cell(&Type::TEXT_ARRAY, r#"{"a \"b\"","NULL",x}"#), Cell::List(texts.to_vec()));
        assert_eq!(cell(&Type::TEXT_ARRAY, "{x"), Cell::Text("{x".to_owned()));
    }
}
