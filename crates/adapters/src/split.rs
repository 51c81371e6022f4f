//! Where the statements of a batch begin and end. Only a hint: the engine's parser decides what runs.

use std::ops::Range;

/// The byte ranges of the statements in `sql`, without the `;` between them. Ranges with nothing but blanks and
/// comments are left out.
pub(crate) fn statements(sql: &str) -> Vec<Range<usize>> {
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    let (mut start, mut at, mut is_blank) = (0, 0, true);
    while at < bytes.len() {
        if bytes[at] == b';' {
            if !is_blank {
                found.push(start..at);
            }
            (start, at, is_blank) = (at + 1, at + 1, true);
        } else if let Some(end) = comment_end(sql, at) {
            at = end;
        } else {
            is_blank &= bytes[at].is_ascii_whitespace();
            at = quoted_end(sql, at).unwrap_or(at + 1);
        }
    }
    if !is_blank {
        found.push(start..sql.len());
    }
    found
}

/// The end of the comment which starts at `at`. Block comments nest.
pub(crate) fn comment_end(sql: &str, at: usize) -> Option<usize> {
    let rest = &sql.as_bytes()[at..];
    if rest.starts_with(b"--") {
        return Some(rest.iter().position(|byte| *byte == b'\n').map_or(sql.len(), |newline| at + newline));
    }
    if !rest.starts_with(b"/*") {
        return None;
    }
    let (mut depth, mut end) = (0_usize, 0);
    while end < rest.len() {
        match rest[end..] {
            [b'/', b'*', ..] => (depth, end) = (depth + 1, end + 2),
            [b'*', b'/', ..] if depth == 1 => return Some(at + end + 2),
            [b'*', b'/', ..] => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
    }
    Some(sql.len())
}

/// The end of the quoted text or name which starts at `at`.
pub(crate) fn quoted_end(sql: &str, at: usize) -> Option<usize> {
    let rest = &sql.as_bytes()[at..];
    match rest[0] {
        b'\'' | b'"' => Some(at + closing_quote(rest, rest[0], false)),
        b'e' | b'E' if rest.get(1) == Some(&b'\'') && !follows_word(sql, at) => {
            Some(at + 1 + closing_quote(&rest[1..], b'\'', true))
        }
        b'$' if !follows_word(sql, at) => dollar_end(rest).map(|end| at + end),
        _ => None,
    }
}

fn follows_word(sql: &str, at: usize) -> bool {
    at > 0 && matches!(sql.as_bytes()[at - 1], b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..)
}

/// The place after the quote that closes the one at 0. A doubled quote is found as two texts, which is the same.
fn closing_quote(rest: &[u8], quote: u8, has_escapes: bool) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' if has_escapes => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The place after `$tag$ … $tag$`.
fn dollar_end(rest: &[u8]) -> Option<usize> {
    let tag_end = 1 + rest[1..].iter().position(|byte| *byte == b'$')?;
    let tag = &rest[..=tag_end];
    let is_tag = tag[1..tag_end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80);
    if !is_tag || tag.get(1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let body = &rest[tag.len()..];
    let close = body.windows(tag.len()).position(|window| window == tag);
    Some(close.map_or(rest.len(), |close| tag.len() + close + tag.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(sql: &str) -> Vec<&str> {
        statements(sql).into_iter().map(|range| sql[range].trim()).collect()
    }

    #[test]
    fn splits_at_semicolons_outside_of_quotes_and_comments() {
        assert_eq!(split("a; b;"), ["a", "b"]);
        assert_eq!(
            split("select ';', \"x;y\" -- ;\n; /* ; /* ; */ ; */ b"),
            ["select ';', \"x;y\" -- ;", "/* ; /* ; */ ; */ b"]
        );
        assert_eq!(split("select $$;$$, $t$ ; $$ $t$; b"), ["select $$;$$, $t$ ; $$ $t$", "b"]);
        assert_eq!(split("select e'\\';', 'it''s;'; b"), ["select e'\\';', 'it''s;'", "b"]);
        assert_eq!(split("select $1; b"), ["select $1", "b"]);
    }

    #[test]
    fn blanks_and_comments_are_no_statements() {
        assert!(split(" ; -- x\n /* y */ ;;").is_empty());
        assert!(split("").is_empty());
        assert_eq!(split("'open ; "), ["'open ;"]);
    }
}
