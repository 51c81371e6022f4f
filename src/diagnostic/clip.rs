//! Long lines are cut around what is pointed at: a template may be a single line of megabytes.

use super::Label;
use crate::source::{Span, floor_char};

/// Lines of more bytes are cut.
const LONGEST: usize = 400;
/// What is left of a cut line before the first thing pointed at.
const BEFORE: usize = 120;

/// A file's text and its labels (text, start, length), as they are drawn.
#[derive(Debug)]
pub(super) struct Clipped<'a> {
    pub text: String,
    pub labels: Vec<(&'a str, usize, usize)>,
}

/// The text as a terminal may show it: no control characters, a line break at its end, no line longer than a screen
/// or so. Labels are drawn on the first line of their span, and at the end of the text where they are beyond that.
pub(super) fn clip<'a>(text: &str, labels: &[&'a Label]) -> Clipped<'a> {
    let placed: Vec<(&str, usize, usize)> = labels.iter().map(|label| place(label, text)).collect();
    let mut shown = Clipped { text: String::with_capacity(text.len() + 1), labels: placed.clone() };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        let inside = |at: usize| (offset..=offset + body.len()).contains(&at);
        let (from, to) = window(body, placed.iter().filter(|l| inside(l.1)).map(|l| l.1 - offset).min());
        let (before, after) = (mark(from > 0), mark(to < body.len()));
        let start = shown.text.len() + before.len();
        for (new, old) in shown.labels.iter_mut().zip(&placed).filter(|(_, old)| inside(old.1)) {
            let at = |position: usize| start + (position - offset).clamp(from, to) - from;
            (new.1, new.2) = (at(old.1), at(old.1 + old.2) - at(old.1));
        }
        shown.text += before;
        shown.text.extend(body[from..to].chars().map(|c| if c.is_ascii_control() && c != '\t' { '?' } else { c }));
        shown.text += after;
        shown.text += &line[body.len()..];
        offset += line.len();
    }
    if !shown.text.ends_with('\n') {
        shown.text.push('\n');
    }
    shown
}

fn mark(is_cut: bool) -> &'static str {
    if is_cut { "…" } else { "" }
}

/// The part of a line that is shown.
fn window(line: &str, pointed_at: Option<usize>) -> (usize, usize) {
    if line.len() <= LONGEST {
        return (0, line.len());
    }
    let from = floor_char(line, pointed_at.unwrap_or(0).saturating_sub(BEFORE));
    (from, floor_char(line, (from + LONGEST).min(line.len())))
}

fn place<'a>(label: &'a Label, text: &str) -> (&'a str, usize, usize) {
    let Span { start, end, .. } = label.span;
    let last = text.trim_end().len();
    let start = floor_char(text, start as usize).min(last);
    let end = floor_char(text, end as usize).clamp(start, last.max(start));
    let line = text[start..end].lines().next().unwrap_or_default();
    (&label.text, start, line.trim_end().len())
}
