//! Splits a file into its top-level blocks, in one pass and without parsing what is inside them.

use std::ops::Range;

use super::lexer::find_tag;

/// What kind of block it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// `{% macro name(…) %}`
    Macro,
    /// `{% test name(…) %}`
    Test,
    /// `{% data_test name(…) %}`
    DataTest,
    /// `{% materialization name, … %}`
    Materialization,
    /// `{% snapshot name %}`
    Snapshot,
    /// `{% docs name %}`
    Docs,
}

impl BlockKind {
    fn from_tag(tag: &str) -> Option<BlockKind> {
        Some(match tag {
            "macro" => BlockKind::Macro,
            "test" => BlockKind::Test,
            "data_test" => BlockKind::DataTest,
            "materialization" => BlockKind::Materialization,
            "snapshot" => BlockKind::Snapshot,
            "docs" => BlockKind::Docs,
            _ => return None,
        })
    }

    /// The name of the tag.
    pub fn tag(self) -> &'static str {
        match self {
            BlockKind::Macro => "macro",
            BlockKind::Test => "test",
            BlockKind::DataTest => "data_test",
            BlockKind::Materialization => "materialization",
            BlockKind::Snapshot => "snapshot",
            BlockKind::Docs => "docs",
        }
    }
}

/// A top-level block of a file. All ranges are bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What kind of block it is.
    pub kind: BlockKind,
    /// Its name; empty when the tag has none.
    pub name: String,
    /// Everything from `{%` to the end of the end tag.
    pub span: Range<usize>,
    /// What is between the two tags.
    pub body: Range<usize>,
    /// What follows the name in the tag: `(a, b=1)` of a macro, `, adapter='duckdb'` of a materialization.
    pub args: Range<usize>,
    /// The line the block starts on, counted from 1.
    pub line: usize,
    /// The column it starts at, counted from 1 in characters.
    pub column: usize,
}

/// A parameter of a macro.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The source of its default, if it has one.
    pub default: Option<String>,
    /// The source of its type annotation, if it has one.
    pub annotation: Option<String>,
}

/// Why a file cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the file.
    pub span: Range<usize>,
    /// The line, counted from 1.
    pub line: usize,
}

impl Block {
    /// The parameters of a macro or a test, in order.
    pub fn parameters(&self, source: &str) -> Vec<Parameter> {
        let text = source.get(self.args.clone()).unwrap_or_default().trim();
        let inner = text.strip_prefix('(').map_or("", |text| text.strip_suffix(')').unwrap_or(text));
        split_top(inner, b',').into_iter().filter(|part| !part.trim().is_empty()).map(parameter).collect()
    }
}

fn parameter(text: &str) -> Parameter {
    let parts = split_top(text, b'=');
    let (head, default) = match parts.split_first() {
        Some((head, rest)) if !rest.is_empty() => (*head, Some(text[head.len() + 1..].trim().to_owned())),
        _ => (text, None),
    };
    let (name, annotation) = match head.split_once(':') {
        Some((name, annotation)) => (name, Some(annotation.trim().to_owned())),
        None => (head, None),
    };
    Parameter { name: name.trim().to_owned(), default, annotation }
}

/// Splits at a byte outside of strings and brackets.
fn split_top(text: &str, separator: u8) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut depth, mut at) = (Vec::new(), 0, 0_usize, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => at = string_end(bytes, at).unwrap_or(bytes.len()) - 1,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            byte if byte == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(&text[start..]);
    parts
}

/// The end of the string literal that starts at `at`.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let quote = bytes[at];
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// A `{% … %}` tag.
struct Tag<'s> {
    name: &'s str,
    /// Between the name and the end of the tag.
    rest: Range<usize>,
    span: Range<usize>,
}

/// Splits a file into its top-level blocks; everything else in the file is ignored.
///
/// # Errors
/// When a tag, a comment or a block does not end, or a block is defined inside control flow.
pub fn blocks(source: &str) -> Result<Vec<Block>, SyntaxError> {
    let mut scanner = Scanner { source, pos: 0 };
    let mut found = Vec::new();
    let mut control: Vec<&str> = Vec::new();
    while let Some(tag) = scanner.next_tag()? {
        match tag.name {
            "if" | "for" => control.push(tag.name),
            "endif" | "endfor" => scanner.close_control(&mut control, &tag)?,
            name => {
                let Some(kind) = BlockKind::from_tag(name) else { continue };
                if !control.is_empty() {
                    return Err(scanner.misplaced(&tag));
                }
                found.push(scanner.block(kind, &tag)?);
            }
        }
    }
    Ok(found)
}

struct Scanner<'s> {
    source: &'s str,
    pos: usize,
}

impl<'s> Scanner<'s> {
    fn error(&self, message: impl Into<String>, span: Range<usize>) -> SyntaxError {
        SyntaxError { message: message.into(), line: self.line(span.start), span }
    }

    fn line(&self, at: usize) -> usize {
        self.source.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn column(&self, at: usize) -> usize {
        let before = &self.source[..at];
        before[before.rfind('\n').map_or(0, |newline| newline + 1)..].chars().count() + 1
    }

    fn position(&self, at: usize) -> String {
        format!("{}:{}", self.line(at), self.column(at) - 1)
    }

    fn misplaced(&self, tag: &Tag<'_>) -> SyntaxError {
        let message = format!(
            "Got a block definition inside control flow at {}. All dbt block definitions must be at the top level",
            self.position(tag.span.start)
        );
        self.error(message, tag.span.clone())
    }

    fn close_control(&self, control: &mut Vec<&str>, tag: &Tag<'_>) -> Result<(), SyntaxError> {
        let wanted = &tag.name[3..];
        let place = self.position(tag.span.start);
        let message = match control.pop() {
            Some(open) if open == wanted => return Ok(()),
            Some(open) => format!(
                "Got an unexpected control flow end tag, got {} but expected end{open} next (@ {place})",
                tag.name
            ),
            None => format!(
                "Got an unexpected control flow end tag, got {} but never saw a preceeding {wanted} (@ {place})",
                tag.name
            ),
        };
        Err(self.error(message, tag.span.clone()))
    }

    /// The next tag, skipping comments, expressions and `{% raw %}`.
    fn next_tag(&mut self) -> Result<Option<Tag<'s>>, SyntaxError> {
        while let Some(at) = find_tag(&self.source[self.pos..]) {
            let start = self.pos + at;
            match self.source.as_bytes()[start + 1] {
                b'#' => self.pos = self.skip_to("#}", start, start + 2)?,
                b'{' => self.pos = self.skip_code("}}", start)?,
                _ => {
                    let tag = self.tag(start)?;
                    self.pos = tag.span.end;
                    if tag.name != "raw" {
                        return Ok(Some(tag));
                    }
                    let end = self.end_tag("endraw", start)?;
                    self.pos = end.span.end;
                }
            }
        }
        Ok(None)
    }

    fn skip_to(&self, closer: &str, start: usize, from: usize) -> Result<usize, SyntaxError> {
        match self.source[from..].find(closer) {
            Some(at) => Ok(from + at + closer.len()),
            None => Err(self.unexpected_end(closer, start)),
        }
    }

    fn unexpected_end(&self, expected: &str, start: usize) -> SyntaxError {
        let rest: String = self.source[start..].chars().take(40).collect();
        self.error(format!("unexpected EOF, expected {expected}, got \"{rest}\""), start..self.source.len())
    }

    /// The end of a tag or an expression, whose closer may also stand in a string.
    fn skip_code(&self, closer: &str, start: usize) -> Result<usize, SyntaxError> {
        let bytes = self.source.as_bytes();
        let mut at = start + 2;
        while at < bytes.len() {
            match bytes[at] {
                b'"' | b'\'' => {
                    at = string_end(bytes, at).ok_or_else(|| self.unexpected_end("string", at))?;
                }
                _ if bytes[at..].starts_with(closer.as_bytes()) => return Ok(at + closer.len()),
                _ => at += 1,
            }
        }
        Err(self.unexpected_end(closer, start))
    }

    fn tag(&self, start: usize) -> Result<Tag<'s>, SyntaxError> {
        let end = self.skip_code("%}", start)?;
        let inner = &self.source[start + 2..end - 2];
        let inner = inner.strip_suffix(['-', '+']).unwrap_or(inner);
        let content_end = start + 2 + inner.len();
        let text = inner.strip_prefix(['-', '+']).unwrap_or(inner).trim_start();
        let len = name_len(text);
        let name_start = content_end - text.len();
        Ok(Tag { name: &text[..len], rest: name_start + len..content_end, span: start..end })
    }

    /// The next tag of the given name, with everything before it left unread.
    fn end_tag(&self, name: &str, open: usize) -> Result<Tag<'s>, SyntaxError> {
        let mut from = self.pos;
        while let Some(at) = self.source[from..].find("{%") {
            let start = from + at;
            let inner = &self.source[start + 2..];
            let text = inner.strip_prefix(['-', '+']).unwrap_or(inner).trim_start();
            if name_len(text) == name.len() && text.starts_with(name) {
                return self.tag(start);
            }
            from = start + 2;
        }
        Err(self.unclosed(&name[3..], open))
    }

    fn unclosed(&self, tag: &str, open: usize) -> SyntaxError {
        let message =
            format!("Reached EOF without finding a close tag for {tag} (searched from line {})", self.line(open));
        self.error(message, open..self.source.len())
    }

    fn block(&mut self, kind: BlockKind, tag: &Tag<'s>) -> Result<Block, SyntaxError> {
        let end = match kind {
            BlockKind::Docs => self.end_tag("enddocs", tag.span.start)?,
            _ => self.matching_end(kind, tag)?,
        };
        self.pos = end.span.end;
        let text = &self.source[tag.rest.clone()];
        let trimmed = text.trim_start();
        let name = &trimmed[..name_len(trimmed)];
        Ok(Block {
            kind,
            name: name.to_owned(),
            args: tag.rest.end - trimmed.len() + name.len()..tag.rest.end,
            span: tag.span.start..end.span.end,
            body: tag.span.end..end.span.start,
            line: self.line(tag.span.start),
            column: self.column(tag.span.start),
        })
    }

    /// The end tag of a block, past the blocks of the same kind inside of it.
    fn matching_end(&mut self, kind: BlockKind, open: &Tag<'s>) -> Result<Tag<'s>, SyntaxError> {
        let mut depth = 0;
        while let Some(tag) = self.next_tag()? {
            if tag.name == kind.tag() {
                depth += 1;
            } else if tag.name.strip_prefix("end") == Some(kind.tag()) {
                if depth == 0 {
                    return Ok(tag);
                }
                depth -= 1;
            }
        }
        Err(self.unclosed(kind.tag(), open.span.start))
    }
}

fn name_len(text: &str) -> usize {
    text.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(text.len())
}
