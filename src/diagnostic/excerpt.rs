//! Draws a diagnostic: the message, an excerpt of each file that it points into, notes, the hint.
//!
//! The only place that implements `miette::Diagnostic`.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::clip::clip;
use super::{Diagnostic, Label, Severity};
use crate::source::{SourceMap, Span};

/// The diagnostic as a person reads it.
pub(super) fn render(diagnostic: &Diagnostic, sources: &SourceMap, color: bool, width: usize) -> String {
    let width = width.max(40);
    let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_wrap_lines(false)
        .with_width(width)
        .with_links(false)
        .without_primary_span_start();
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
            let clipped = labels.first().map(|first| (*first, clip(&sources.get(first.span.source).text, &labels)));
            Part {
                code: (index == 0).then_some(diagnostic.code),
                severity: match diagnostic.severity {
                    Severity::Error => miette::Severity::Error,
                    Severity::Warning => miette::Severity::Warning,
                },
                message: message.clone(),
                labels: clipped.as_ref().map(|(_, clipped)| clipped.labels.clone()).unwrap_or_default(),
                source: clipped.map(|(first, clipped)| NamedSource::new(place_name(first, sources), clipped.text)),
            }
        })
        .collect()
}

/// `models/a.sql:3:10`.
fn place_name(label: &Label, sources: &SourceMap) -> String {
    let Span { source, start, .. } = label.span;
    let file = sources.get(source);
    let (line, column) = sources.position(source, start.min(file.text.trim_end().len() as u32));
    format!("{}:{line}:{column}", file.path.display())
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
    fn long_lines_are_cut_around_what_is_wrong() {
        let text = format!("short\n{}HERE{}\n{}\n", "é".repeat(5000), "b".repeat(5000), "c".repeat(5000));
        let at = text.find("HERE").unwrap();
        let drawn = drawn(&text, at, at + 4);
        assert!(drawn.contains("a.sql:2:5001"), "{drawn}");
        assert!(drawn.contains(&format!("2 │ …{}HERE{}…\n", "é".repeat(60), "b".repeat(276))), "{drawn}");
        assert!(drawn.contains(&format!("{}──┬─\n", " ".repeat(61))), "{drawn}");
        assert!(drawn.contains(&format!("3 │ {}…\n", "c".repeat(400))), "{drawn}");
    }

    #[test]
    fn lines_break_at_blanks_only() {
        assert_eq!(wrap("look at models/a/b.sql now", 12), ["look at", "models/a/b.sql", "now"]);
        assert_eq!(wrap("a\n  b c", 4), ["a", "  b", "  c"]);
    }
}
