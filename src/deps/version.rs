//! Versions of packages and what a project asks of them: `1.3.0`, `>=1.0.0`, `<2.0.0`.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// `1.3.0-rc1`, without what stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    prerelease: Option<String>,
}

/// How a version is compared with the one that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Above,
    AtLeast,
    Below,
    AtMost,
    Exactly,
}

/// One condition: `>=1.0.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    relation: Relation,
    version: Version,
    text: String,
}

static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(>=|>|<=|<|=)?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)",
        r"(?:-?((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?",
        r"(?:\+[0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*)*)?$"
    ))
    .ok()
});

impl Requirement {
    /// Reads one condition; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let found = PATTERN.as_ref()?.captures(text)?;
        let number = |i: usize| found.get(i)?.as_str().parse().ok();
        let relation = match found.get(1).map(|m| m.as_str()) {
            Some(">") => Relation::Above,
            Some(">=") => Relation::AtLeast,
            Some("<") => Relation::Below,
            Some("<=") => Relation::AtMost,
            _ => Relation::Exactly,
        };
        let prerelease = found.get(5).map(|m| m.as_str().to_owned());
        let version = Version { numbers: [number(2)?, number(3)?, number(4)?], prerelease };
        Some(Self { relation, version, text: text.to_owned() })
    }

    /// Whether a version is what is asked for. A release candidate of a version that is excluded is excluded too.
    pub fn accepts(&self, version: &Version) -> bool {
        let order = version.cmp(&self.version);
        match self.relation {
            Relation::Above => order.is_gt(),
            Relation::AtLeast => order.is_ge(),
            Relation::AtMost => order.is_le(),
            Relation::Exactly => order.is_eq(),
            Relation::Below => {
                let candidate = self.version.prerelease.is_none() && version.numbers == self.version.numbers;
                order.is_lt() && !candidate
            }
        }
    }

    /// Whether it names a version that is not released yet.
    pub fn is_prerelease(&self) -> bool {
        self.version.prerelease.is_some()
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Version {
    /// Reads a version; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        Requirement::parse(text).filter(|r| r.relation == Relation::Exactly).map(|r| r.version)
    }

    /// Whether it is not released yet.
    pub fn is_prerelease(&self) -> bool {
        self.prerelease.is_some()
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (&self.prerelease, &other.prerelease) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => natural(a, b),
        })
    }
}

/// Part by part: numbers by their value and before words.
fn natural(a: &str, b: &str) -> Ordering {
    let number = |part: &str| part.parse::<u64>().ok();
    let part = |(a, b): (&str, &str)| match (number(a), number(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    };
    let first = a.split('.').zip(b.split('.')).map(part).find(|order| order.is_ne());
    first.unwrap_or_else(|| a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(requirement: &str, version: &str) -> bool {
        Requirement::parse(requirement).unwrap().accepts(&Version::parse(version).unwrap())
    }

    #[test]
    fn requirements_are_what_dbt_makes_of_them() {
        assert!(accepts("1.3.0", "1.3.0") && accepts("=1.3.0", "1.3.0+build") && !accepts("1.3.0", "1.3.1"));
        assert!(accepts(">=1.3.0", "1.10.0") && accepts(">1.3.0", "1.3.1") && !accepts(">1.3.0", "1.3.0"));
        assert!(accepts("<2.0.0", "1.99.0") && !accepts("<2.0.0", "2.0.0-rc1") && accepts("<=2.0.0", "2.0.0-rc1"));
        assert!(accepts("<2.0.0-rc2", "2.0.0-rc1") && !accepts(">=2.0.0", "2.0.0-rc1"));
        for wrong in ["1.0", "", ">= 1.0.0", "v1.0.0", "1.0.0,<2.0.0", "latest", "01.0.0"] {
            assert_eq!(Requirement::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn versions_are_ordered() {
        let order = ["0.9.0", "1.0.0-a", "1.0.0-a.1", "1.0.0-a.2", "1.0.0-a.10", "1.0.0-b", "1.0.0", "1.2.0", "1.10.0"];
        let versions: Vec<Version> = order.iter().map(|v| Version::parse(v).unwrap()).collect();
        assert!(versions.is_sorted());
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
