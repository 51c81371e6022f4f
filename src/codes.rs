//! The codes of errors and warnings, and what `karat explain` says about each: the sections of `docs/codes.md`.

const PAGE: &str = include_str!("../docs/codes.md");

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub code: &'static str,
    /// What it is: the first sentence or two.
    pub summary: &'static str,
    /// All that there is to say about it, in Markdown.
    pub text: &'static str,
}

/// Every code, by name.
pub fn all() -> impl Iterator<Item = Entry> {
    PAGE.split("\n## ").skip(1).map(|section| {
        let (code, text) = section.split_once('\n').unwrap_or((section, ""));
        let text = text.trim();
        Entry { code: code.trim(), summary: text.split("\n\n").next().unwrap_or(text), text }
    })
}

/// The entry of a code.
pub fn find(code: &str) -> Option<Entry> {
    all().find(|e| e.code == code)
}
