//! Ephemeral models inside the queries that read them.

use std::iter::Peekable;

use sqlparser::dialect::{BigQueryDialect, Dialect, DuckDbDialect};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

/// Puts common table expressions (name, query) before those of `sql`.
///
/// The first `with` that is not within parentheses gets them; a query that has none gets one at its very beginning.
pub fn inject_ctes(sql: &str, ctes: &[(String, String)]) -> String {
    if ctes.is_empty() {
        return sql.to_owned();
    }
    let written: Vec<String> = ctes.iter().map(|(name, query)| format!("{name} as (\n{query}\n)")).collect();
    let written = written.join(", ");
    match first_cte(sql) {
        Some(at) => format!("{} {written},{}", &sql[..at], &sql[at..]),
        None => format!("with {written} {sql}"),
    }
}

/// Where the `with` or `with recursive` of a query ends.
fn first_cte(sql: &str) -> Option<usize> {
    let dialects: [&dyn Dialect; 2] = [&DuckDbDialect {}, &BigQueryDialect {}];
    let tokens = dialects.into_iter().find_map(|dialect| Tokenizer::new(dialect, sql).tokenize_with_location().ok())?;
    let tokens: Vec<TokenWithSpan> = tokens.into_iter().filter(|token| !is_blank(&token.token)).collect();
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            Token::SemiColon if depth == 0 => return None,
            token if depth == 0 && is_keyword(token, Keyword::WITH) => {
                let recursive = tokens.get(at + 1).is_some_and(|next| is_keyword(&next.token, Keyword::RECURSIVE));
                let first = at + 1 + usize::from(recursive);
                if starts_cte(&tokens[first.min(tokens.len())..]) {
                    let keyword = if recursive { "recursive" } else { "with" };
                    return offset(sql, tokens[first - 1].span.start).map(|at| at + keyword.len());
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether these tokens begin with `name [(columns)] [using key (columns)] as [[not] materialized] (`.
fn starts_cte(tokens: &[TokenWithSpan]) -> bool {
    let mut tokens = tokens.iter().map(|token| &token.token).peekable();
    if !matches!(tokens.next(), Some(Token::Word(_))) {
        return false;
    }
    skip_group(&mut tokens);
    if tokens.next_if(|token| is_keyword(token, Keyword::USING)).is_some() {
        tokens.next();
        skip_group(&mut tokens);
    }
    let is_as = tokens.next().is_some_and(|token| is_keyword(token, Keyword::AS));
    tokens.next_if(|token| is_keyword(token, Keyword::NOT));
    tokens.next_if(|token| is_keyword(token, Keyword::MATERIALIZED));
    is_as && tokens.next() == Some(&Token::LParen)
}

fn skip_group<'a>(tokens: &mut Peekable<impl Iterator<Item = &'a Token>>) {
    if tokens.next_if(|token| **token == Token::LParen).is_none() {
        return;
    }
    let mut depth = 1_usize;
    for token in tokens {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

fn is_keyword(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.keyword == keyword)
}

fn is_blank(token: &Token) -> bool {
    matches!(
        token,
        Token::Whitespace(
            Whitespace::Space
                | Whitespace::Newline
                | Whitespace::Tab
                | Whitespace::SingleLineComment { .. }
                | Whitespace::MultiLineComment(_)
        ) | Token::EOF
    )
}

/// The byte at a place that counts lines and characters from 1.
fn offset(sql: &str, place: Location) -> Option<usize> {
    let line_start = match place.line.checked_sub(2) {
        Some(breaks) => sql.match_indices('\n').nth(usize::try_from(breaks).ok()?)?.0 + 1,
        None => 0,
    };
    let column = usize::try_from(place.column.checked_sub(1)?).ok()?;
    let line = &sql[line_start..];
    line.char_indices().nth(column).map(|(at, _)| line_start + at)
}

#[cfg(test)]
#[path = "ctes_tests.rs"]
mod tests;
