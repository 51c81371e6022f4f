//! The codes of errors and warnings, and what `karat explain` says about each.

/// One code.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its name.
    pub code: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    /// What to know about it: why it is raised, what to do, an example. Markdown.
    pub text: &'static str,
}

/// Every code, by name.
pub const CODES: &[Entry] = &[];

/// The entry of a code.
pub fn find(code: &str) -> Option<&'static Entry> {
    CODES.iter().find(|e| e.code == code)
}
