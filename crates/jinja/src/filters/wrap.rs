//! `wordwrap`: Python's `textwrap`, line by line.

use minijinja::Value;

use super::Context;
use crate::args::{Args, bool_or, int_or};
use crate::error::{Eval, value_error};
use crate::methods::string;
use crate::value::py_str;

struct Wrap {
    width: usize,
    break_long: bool,
    on_hyphens: bool,
}

pub(super) fn wordwrap(_: &mut Context<'_, '_, '_>, value: &Value, args: &Args) -> Eval<Value> {
    let [width, break_long, wrap_string, on_hyphens] =
        args.bind("do_wordwrap", ["width", "break_long_words", "wrapstring", "break_on_hyphens"], 0)?;
    let width = int_or(width, 79)?;
    if width <= 0 {
        return Err(value_error(format!("invalid width {width} (must be > 0)")));
    }
    let wrap =
        Wrap { width: width as usize, break_long: bool_or(break_long, true), on_hyphens: bool_or(on_hyphens, true) };
    let separator = match wrap_string.filter(|separator| !separator.is_none()) {
        Some(separator) => py_str(&separator),
        None => "\n".into(),
    };
    crate::value::defined(value)?;
    let text = value.as_str().ok_or_else(|| super::text::no_lines(value))?;
    let lines: Vec<String> =
        string::lines(text, false).into_iter().map(|line| wrap.line(line).join(&separator)).collect();
    Ok(Value::from(lines.join(&separator)))
}

impl Wrap {
    fn line(&self, line: &str) -> Vec<String> {
        let mut chunks = self.chunks(line);
        chunks.reverse();
        let mut lines: Vec<String> = Vec::new();
        while !chunks.is_empty() {
            if !lines.is_empty() && chunks.last().is_some_and(|chunk| chunk.trim().is_empty()) {
                chunks.pop();
            }
            let mut current: Vec<String> = Vec::new();
            let mut len = 0;
            while let Some(chunk) = chunks.last() {
                let size = chunk.chars().count();
                if len + size > self.width {
                    break;
                }
                len += size;
                current.extend(chunks.pop());
            }
            if chunks.last().is_some_and(|chunk| chunk.chars().count() > self.width) {
                self.break_chunk(&mut chunks, &mut current, len);
            }
            if current.last().is_some_and(|chunk| chunk.trim().is_empty()) {
                current.pop();
            }
            if !current.is_empty() {
                lines.push(current.concat());
            }
        }
        lines
    }

    /// Handles a chunk that is longer than a line.
    fn break_chunk(&self, chunks: &mut Vec<String>, current: &mut Vec<String>, len: usize) {
        let room = self.width.saturating_sub(len).max(usize::from(self.width <= len));
        if self.break_long {
            if let Some(chunk) = chunks.pop() {
                let mut end = room;
                if self.on_hyphens {
                    let head: String = chunk.chars().take(room).collect();
                    if let Some(at) = head.rfind('-').filter(|at| *at > 0 && head[..*at].chars().any(|c| c != '-')) {
                        end = head[..at].chars().count() + 1;
                    }
                }
                current.push(chunk.chars().take(end).collect());
                chunks.push(chunk.chars().skip(end).collect());
            }
        } else if current.is_empty() {
            current.extend(chunks.pop());
        }
    }

    /// Words and the white space between them; hyphenated words break after their hyphens.
    fn chunks(&self, line: &str) -> Vec<String> {
        let mut chunks: Vec<String> = Vec::new();
        for run in runs(line) {
            if self.on_hyphens && !run.trim().is_empty() {
                chunks.extend(hyphenated(run));
            } else {
                chunks.push(run.to_owned());
            }
        }
        chunks
    }
}

/// Alternating runs of white space and of anything else.
fn runs(line: &str) -> Vec<&str> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c');
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let inside = is_space(first);
        let len = rest.find(|c| is_space(c) != inside).unwrap_or(rest.len());
        out.push(&rest[..len]);
        rest = &rest[len..];
    }
    out
}

/// Splits after a hyphen between letters (at least two of them before it).
fn hyphenated(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let is_letter = |at: usize| chars.get(at).is_some_and(|c| c.is_alphabetic() || *c == '_');
    let mut out = Vec::new();
    let mut start = 0;
    for at in 0..chars.len() {
        let breaks = chars[at] == '-' && at >= start + 2 && is_letter(at - 1) && is_letter(at - 2) && is_letter(at + 1);
        let follows = is_letter(at + 2) || chars.get(at + 2) == Some(&'-') || at + 2 == chars.len();
        if breaks && follows {
            out.push(chars[start..=at].iter().collect());
            start = at + 1;
        }
    }
    out.push(chars[start..].iter().collect());
    out
}
