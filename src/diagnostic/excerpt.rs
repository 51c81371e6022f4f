//! Draws a diagnostic: the message, an excerpt of each file that it points into, notes, the hint.
//!
//! The only place that implements `miette::Diagnostic`.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::{Diagnostic, Label, Severity};
use crate::source::{SourceMap, Span, floor_char};

/// The diagnostic as a person reads it.
pub(super) fn render(diagnostic: &Diagnostic, sources: &SourceMap, color: bool, width: usize) -> String {
    let width = width.max(40);
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_wrap_lines(false).with_width(width).with_links(false);
    let mut out = String::new();
    for (index, part) in parts(diagnostic, sources, width).iter().enumerate() {
        let mut text = String::new();
        if handler.render_report(&mut text, part).is_err() {
            return format!("{}: {}\n", diagnostic.code, diagnostic.message);
        }
        let text = if index == 0 { &text } else { text.find("╭").map_or("", |at| &text[line_start(&text, at)..]) };
        out += text.trim_end();
        out.push('\n');
    }
    for note in diagnostic.all_notes(sources) {
        out += &footnote("note", &note, color, width);
    }
    if let Some(hint) = &diagnostic.hint {
        out += &footnote("help", hint, color, width);
    }
    out
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn footnote(word: &str, text: &str, color: bool, width: usize) -> String {
    let (on, off) = if color { ("\u{1b}[36m", "\u{1b}[0m") } else { ("", "") };
    let lines = wrap(text, width - 8);
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let start = if index == 0 { format!("  {on}{word}: {off}") } else { " ".repeat(8) };
        out += format!("{start}{line}").trim_end();
        out.push('\n');
    }
    out
}

/// Breaks lines at blanks only, so that paths stay whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        let mut current = indent.clone();
        for word in line.split_whitespace() {
            let is_first = current.len() == indent.len();
            if !is_first && current.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::replace(&mut current, indent.clone()));
            } else if !is_first {
                current.push(' ');
            }
            current += word;
        }
        lines.push(current);
    }
    lines
}

/// The part of a diagnostic that is about one file.
#[derive(Debug)]
struct Part<'a> {
    code: Option<&'static str>,
    severity: miette::Severity,
    message: String,
    source: Option<NamedSource<String>>,
    labels: Vec<(&'a str, usize, usize)>,
}

/// One part for each file, the main one first.
fn parts<'a>(diagnostic: &'a Diagnostic, sources: &SourceMap, width: usize) -> Vec<Part<'a>> {
    let mut files: Vec<Vec<&Label>> = Vec::new();
    for label in &diagnostic.labels {
        match files.iter_mut().find(|f| f[0].span.source == label.span.source) {
            Some(file) => file.push(label),
            None => files.push(vec![label]),
        }
    }
    if files.is_empty() {
        files.push(Vec::new());
    }
    let message = wrap(&diagnostic.message, width - 4).join("\n");
    files
        .into_iter()
        .enumerate()
        .map(|(index, labels)| {
            let text = labels.first().map(|label| presentable(&sources.get(label.span.source).text));
            Part {
                code: (index == 0).then_some(diagnostic.code),
                severity: match diagnostic.severity {
                    Severity::Error => miette::Severity::Error,
                    Severity::Warning => miette::Severity::Warning,
                },
                message: message.clone(),
                labels: labels.iter().map(|label| place(label, text.as_deref().unwrap_or_default())).collect(),
                source: labels.first().zip(text).map(|(label, text)| {
                    NamedSource::new(sources.get(label.span.source).path.display().to_string(), text)
                }),
            }
        })
        .collect()
}

/// The text of a file as a terminal may show it, every byte where it was: no control characters, a line break at
/// its end.
fn presentable(text: &str) -> String {
    let odd = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
    let mut shown: String = text.chars().map(|c| if odd(c) { '?' } else { c }).collect();
    if !shown.ends_with('\n') {
        shown.push('\n');
    }
    shown
}

/// Where a label is drawn: on the first line of its span, and at the end of the text where it is beyond that.
fn place<'a>(label: &'a Label, text: &str) -> (&'a str, usize, usize) {
    let Span { start, end, .. } = label.span;
    let last = text.trim_end().len();
    let start = floor_char(text, start as usize).min(last);
    let end = floor_char(text, end as usize).clamp(start, last.max(start));
    let line = text[start..end].lines().next().unwrap_or_default();
    (&label.text, start, line.trim_end().len())
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Part<'_> {}

impl miette::Diagnostic for Part<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() {
            return None;
        }
        Some(Box::new(self.labels.iter().map(|(text, start, length)| {
            LabeledSpan::new((!text.is_empty()).then(|| (*text).to_owned()), *start, *length)
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, start: usize, end: usize) -> String {
        let mut sources = SourceMap::default();
        let id = sources.add("a.sql", text);
        let at = Span::new(id, start, end);
        Diagnostic::error("some-code", "it is wrong").at(at, "this").render(&sources, false, 80)
    }

    #[test]
    fn a_label_stays_on_its_first_line_and_within_the_text() {
        let expected = |line: &str| line.to_owned();
        assert!(drawn("one\ntwo\n", 0, 7).contains(&expected("1 │ one\n   · ─┬─")));
        assert!(drawn("one\n\n\n", 6, 6).contains(&expected("1 │ one\n   ·    ▲")));
        assert!(drawn("one", 90, 99).contains("1 │ one"));
        assert!(drawn("", 0, 0).contains("a.sql:1:1"));
        assert!(drawn("caf\u{e9}s \u{1b}[1m", 4, 9).contains("caf\u{e9}s ?[1m"));
    }

    #[test]
    fn lines_break_at_blanks_only() {
        assert_eq!(wrap("look at models/a/b.sql now", 12), ["look at", "models/a/b.sql", "now"]);
        assert_eq!(wrap("a\n  b c", 4), ["a", "  b", "  c"]);
    }
}
