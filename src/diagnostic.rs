//! What karat has to say about a project: errors and warnings that point into the files they are about.
//!
//! A stage reports every problem it can see and still returns what it could build ([`Checked`]); only the
//! session decides to stop. This is the only module that implements `miette::Diagnostic`.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use crate::source::{SourceMap, Span};

/// How serious a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; blocks nothing.
    Warning,
    /// The command can't do what it was asked for.
    Error,
}

/// A place in a file, with a word on it.
#[derive(Debug, Clone)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// One problem: what happened, where, and a hint at what to do.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Stable kebab-case name; `karat explain CODE` tells more.
    pub code: &'static str,
    /// How serious it is.
    pub severity: Severity,
    /// What happened.
    pub message: String,
    /// Where; the first is the main one.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub hint: Option<String>,
    /// What led there: macro calls, the engine's own words.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            hint: None,
            notes: Vec::new(),
        }
    }

    /// A warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        if let Some(span) = span.into() {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what to do, where there is something to say.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// Adds a line on what led there.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Whether this stops the command.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The diagnostic as a person reads it, with excerpts of the files it points into.
    pub fn render(&self, sources: &SourceMap, color: bool, width: usize) -> String {
        let theme = if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width.max(40)).with_links(false);
        let mut out = String::new();
        match handler.render_report(&mut out, &Located::new(self, sources)) {
            Ok(()) => out.trim_end().to_owned() + "\n",
            Err(fmt::Error) => format!("{}: {}\n", self.code, self.message),
        }
    }

    /// Message, place and hint in plain text on a few lines, for artifacts and logs.
    pub fn plain(&self, sources: &SourceMap) -> String {
        let mut out = self.message.clone();
        if let Some(label) = self.labels.first() {
            let (line, column) = sources.position(label.span.source, label.span.start);
            out += &format!("\n  at {}:{line}:{column}", sources.get(label.span.source).path.display());
        }
        for note in &self.notes {
            out += &format!("\n  {note}");
        }
        if let Some(hint) = &self.hint {
            out += &format!("\n  hint: {hint}");
        }
        out
    }
}

/// A value and what there is to say about how it was made.
#[derive(Debug, Clone, Default)]
pub struct Checked<T> {
    /// What could be built.
    pub value: T,
    /// What was wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value with nothing to say about it.
    pub fn ok(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// Takes the value, adding what there is to say to `diagnostics`.
    pub fn unpack(self, diagnostics: &mut Vec<Diagnostic>) -> T {
        diagnostics.extend(self.diagnostics);
        self.value
    }
}

/// Names near to `wanted`, nearest first, at most three; for "did you mean".
pub fn near<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted_lower = wanted.to_lowercase();
    let mut scored: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let distance = strsim::damerau_levenshtein(&wanted_lower, &name.to_lowercase());
            let allowed = (wanted.chars().count().max(name.chars().count()) / 3).max(1);
            (distance <= allowed).then_some((distance, name))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// "Did you mean `a`, `b` or `c`?", where something is near.
pub fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let found = near(wanted, names);
    let (last, rest) = found.split_last()?;
    let quote = |name: &&str| format!("`{name}`");
    Some(match rest {
        [] => format!("did you mean {}?", quote(last)),
        _ => format!("did you mean {} or {}?", rest.iter().map(quote).collect::<Vec<_>>().join(", "), quote(last)),
    })
}

/// A diagnostic together with the texts it points into, as miette wants it.
#[derive(Debug)]
struct Located<'a> {
    diagnostic: &'a Diagnostic,
    source: Option<NamedSource<String>>,
    related: Vec<Located<'a>>,
    help: Option<String>,
    /// Which labels belong to this part: those of one file.
    labels: Vec<&'a Label>,
    main: bool,
}

impl<'a> Located<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &SourceMap) -> Self {
        let mut parts: Vec<Vec<&Label>> = Vec::new();
        for label in &diagnostic.labels {
            match parts.iter_mut().find(|p| p[0].span.source == label.span.source) {
                Some(part) => part.push(label),
                None => parts.push(vec![label]),
            }
        }
        let mut parts = parts.into_iter();
        let mut main = Self::part(diagnostic, parts.next().unwrap_or_default(), sources, true);
        main.related = parts.map(|labels| Self::part(diagnostic, labels, sources, false)).collect();
        main
    }

    fn part(diagnostic: &'a Diagnostic, labels: Vec<&'a Label>, sources: &SourceMap, main: bool) -> Self {
        let source = labels.first().map(|label| {
            let file = sources.get(label.span.source);
            NamedSource::new(file.path.display().to_string(), file.text.to_string())
        });
        let mut help: Vec<&str> = Vec::new();
        if main {
            help.extend(diagnostic.notes.iter().map(String::as_str));
            help.extend(diagnostic.hint.as_deref());
        }
        let help = (!help.is_empty()).then(|| help.join("\n"));
        Self { diagnostic, source, related: Vec::new(), help, labels, main }
    }
}

impl fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.main { &self.diagnostic.message } else { "also here" })
    }
}

impl std::error::Error for Located<'_> {}

impl miette::Diagnostic for Located<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.main.then(|| Box::new(self.diagnostic.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match (self.main, self.diagnostic.severity) {
            (false, _) => miette::Severity::Advice,
            (true, Severity::Error) => miette::Severity::Error,
            (true, Severity::Warning) => miette::Severity::Warning,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() {
            return None;
        }
        Some(Box::new(self.labels.iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            LabeledSpan::new(text, label.span.start as usize, (label.span.end - label.span.start) as usize)
        })))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(self.related.iter().map(|r| r as &dyn miette::Diagnostic)))
    }
}
