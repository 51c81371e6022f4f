//! Wildcards as dbt knows them: Python's `fnmatch` for names, `pathlib.glob` for paths.

/// Whether a text holds a wildcard.
pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '[', ']'])
}

/// A pattern of shell wildcards: `*`, `?`, `[abc]`, `[a-c]`, `[!a]`. `*` matches anything, dots and slashes too.
#[derive(Debug, Clone)]
pub(super) struct Glob {
    parts: Vec<Part>,
    /// The pattern itself where it holds no wildcard.
    literal: Option<String>,
}

#[derive(Debug, Clone)]
enum Part {
    Char(char),
    Any,
    Star,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Reads a pattern. There is no wrong one: a `[` that is never closed stands for itself.
    pub(super) fn new(pattern: &str) -> Self {
        let chars: Vec<char> = pattern.chars().collect();
        let mut parts = Vec::with_capacity(chars.len());
        let mut at = 0;
        while let Some(c) = chars.get(at).copied() {
            at += 1;
            match c {
                '*' if matches!(parts.last(), Some(Part::Star)) => {}
                '*' => parts.push(Part::Star),
                '?' => parts.push(Part::Any),
                '[' => match class(&chars, at) {
                    Some((part, after)) => {
                        parts.push(part);
                        at = after;
                    }
                    None => parts.push(Part::Char('[')),
                },
                _ => parts.push(Part::Char(c)),
            }
        }
        let literal = parts.iter().all(|p| matches!(p, Part::Char(_))).then(|| pattern.to_owned());
        Self { parts, literal }
    }

    /// Whether it matches anything at all.
    pub(super) fn is_star(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Star])
    }

    /// Whether it matches the whole of a text.
    pub(super) fn matches(&self, text: &str) -> bool {
        if let Some(literal) = &self.literal {
            return literal == text;
        }
        self.is_star() || self.matches_chars(&text.chars().collect::<Vec<_>>())
    }

    /// The usual walk with one point to return to: the last star.
    fn matches_chars(&self, text: &[char]) -> bool {
        let (mut part, mut at) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.parts.get(part) {
                Some(Part::Star) => {
                    star = Some((part, at));
                    part += 1;
                    continue;
                }
                Some(single) if single.accepts(text[at]) => {
                    part += 1;
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let Some((star_part, star_at)) = star else { return false };
            star = Some((star_part, star_at + 1));
            part = star_part + 1;
            at = star_at + 1;
        }
        self.parts[part.min(self.parts.len())..].iter().all(|p| matches!(p, Part::Star))
    }
}

impl Part {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::Any => true,
            Self::Star => false,
            Self::Class { negated, ranges } => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated,
        }
    }
}

/// The class whose first character is at `start`, and where it ends. A `]` right at the start belongs to it.
fn class(chars: &[char], start: usize) -> Option<(Part, usize)> {
    let negated = chars.get(start) == Some(&'!');
    let first = start + usize::from(negated);
    let close = (first + 1..chars.len()).find(|i| chars[*i] == ']')?;
    let mut ranges = Vec::new();
    let mut at = first;
    while at < close {
        if at + 2 < close && chars[at + 1] == '-' {
            ranges.push((chars[at], chars[at + 2]));
            at += 3;
        } else {
            ranges.push((chars[at], chars[at]));
            at += 1;
        }
    }
    Some((Part::Class { negated, ranges }, close + 1))
}

/// A pattern for paths: wildcards stay within one folder, `**` stands for any number of folders.
#[derive(Debug, Clone)]
pub(super) struct PathGlob {
    parts: Vec<PathPart>,
}

#[derive(Debug, Clone)]
enum PathPart {
    /// `**`.
    Folders,
    /// One folder or file.
    Name(Glob),
}

impl PathGlob {
    /// Reads a pattern. `./` and slashes at the end mean nothing.
    pub(super) fn new(pattern: &str) -> Self {
        let parts = pattern.split('/').filter(|p| !p.is_empty() && *p != ".");
        let parts = parts.map(|p| if p == "**" { PathPart::Folders } else { PathPart::Name(Glob::new(p)) });
        Self { parts: parts.collect() }
    }

    /// Whether it matches a path, which is a folder or a file. A `**` at the end matches folders only.
    pub(super) fn matches(&self, path: &str, is_folder: bool) -> bool {
        let names: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
        matches_from(&self.parts, &names, is_folder)
    }
}

fn matches_from(parts: &[PathPart], names: &[&str], is_folder: bool) -> bool {
    match parts.split_first() {
        None => names.is_empty(),
        Some((PathPart::Folders, [])) => is_folder,
        Some((PathPart::Folders, rest)) => (0..=names.len()).any(|skip| matches_from(rest, &names[skip..], is_folder)),
        Some((PathPart::Name(glob), rest)) => {
            names.split_first().is_some_and(|(name, after)| glob.matches(name) && matches_from(rest, after, is_folder))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let table = [
            ("*", "", true),
            ("stg_*", "stg_users", true),
            ("stg_*", "a_stg_users", false),
            ("*a*b", "xaxxab", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[so]*", "orders", true),
            ("[!so]*", "orders", false),
            ("[a-c]1", "b1", true),
            ("[]x]", "]", true),
            ("[ab", "[ab", true),
            ("shop.*.x", "shop.a.b.x", true),
            ("", "", true),
            ("", "a", false),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(Glob::new(pattern).matches(text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn paths() {
        let table = [
            ("models/*", "models/a", true, true),
            ("models/*", "models/a/b.sql", false, false),
            ("models/**/b.sql", "models/b.sql", false, true),
            ("models/**/b.sql", "models/x/y/b.sql", false, true),
            ("models/**", "models/a.sql", false, false),
            ("models/**", "models/a", true, true),
            ("./models/", "models", true, true),
            ("*.sql", "models/a.sql", false, false),
        ];
        for (pattern, path, is_folder, expected) in table {
            assert_eq!(PathGlob::new(pattern).matches(path, is_folder), expected, "{pattern} on {path}");
        }
    }
}
