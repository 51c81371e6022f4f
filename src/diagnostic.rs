//! What karat has to say about a project: errors and warnings that point into the files they are about.
//!
//! A stage reports every problem it can see and still returns what it could build ([`Checked`]); only the
//! session decides to stop. Nothing outside of this module knows how a diagnostic is drawn.

mod clip;
mod excerpt;

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
    /// What led there: the engine's own words, other places.
    pub notes: Vec<String>,
    /// The macro calls that led there, innermost first.
    pub calls: Vec<Call>,
}

/// A macro call on the way to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The macro.
    pub name: String,
    /// Where it was called, if that is in a file.
    pub place: Option<CallPlace>,
}

/// Where a macro was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallPlace {
    /// On this line (from 1) of a file.
    File(String, usize),
    /// On this line (from 1) of a template that stands here.
    Template(Span, usize),
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
            calls: Vec::new(),
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
        excerpt::render(self, sources, color, width)
    }

    /// Message, place and hint in plain text on a few lines, for artifacts and logs.
    pub fn plain(&self, sources: &SourceMap) -> String {
        let mut out = self.message.clone();
        if let Some(label) = self.labels.first() {
            let (line, column) = sources.position(label.span.source, label.span.start);
            out += &format!("\n  at {}:{line}:{column}", sources.get(label.span.source).path.display());
        }
        for note in self.all_notes(sources) {
            out += &format!("\n  {note}");
        }
        if let Some(hint) = &self.hint {
            out += &format!("\n  hint: {hint}");
        }
        out
    }

    /// What led there in words, macro calls included. Of a long chain of calls the middle is left out.
    pub fn all_notes(&self, sources: &SourceMap) -> Vec<String> {
        const ENDS: usize = 3;
        let mut notes = self.notes.clone();
        let calls = &self.calls;
        let hidden = calls.len().saturating_sub(2 * ENDS);
        for (index, call) in calls.iter().enumerate() {
            if hidden < 2 || index < ENDS || index >= ENDS + hidden {
                notes.push(call.words(sources));
            } else if index == ENDS {
                notes.push(format!("… {hidden} more calls …"));
            }
        }
        notes
    }
}

impl Call {
    fn words(&self, sources: &SourceMap) -> String {
        let place = self.place.as_ref().map(|place| match place {
            CallPlace::File(file, line) => format!(", called at {file}:{line}"),
            CallPlace::Template(span, line) => {
                let (first, _) = sources.position(span.source, span.start);
                format!(", called at {}:{}", sources.get(span.source).path.display(), first + line - 1)
            }
        });
        format!("in macro `{}`{}", self.name, place.unwrap_or_default())
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
