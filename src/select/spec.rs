//! One criterion of a selection, and how criteria are put together.

use serde_json::Value as Json;

use super::Indirect;
use crate::diagnostic::{Diagnostic, did_you_mean};

/// What a criterion looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The qualified name: package, folders, name, or a part of them.
    Fqn,
    /// A tag.
    Tag,
    /// The group.
    Group,
    /// The access of a model: public, protected, private.
    Access,
    /// A source table.
    Source,
    /// A file or folder, relative to the project.
    Path,
    /// The name of a file, with or without its ending.
    File,
    /// The package.
    Package,
    /// A setting.
    Config,
    /// The name of a generic test.
    TestName,
    /// generic, singular, data, unit.
    TestType,
    /// model, test, source …
    ResourceType,
    /// What changed since an earlier manifest.
    State,
    /// An exposure.
    Exposure,
    /// What came of it in the last run.
    Result,
    /// Sources that are fresher than they were.
    SourceStatus,
    /// latest, old, prerelease, none.
    Version,
    /// A metric.
    Metric,
    /// A semantic model.
    SemanticModel,
    /// A saved query.
    SavedQuery,
    /// A unit test.
    UnitTest,
}

impl Method {
    /// Every method by its name.
    pub const ALL: [(&'static str, Self); 21] = [
        ("fqn", Self::Fqn),
        ("tag", Self::Tag),
        ("group", Self::Group),
        ("access", Self::Access),
        ("source", Self::Source),
        ("path", Self::Path),
        ("file", Self::File),
        ("package", Self::Package),
        ("config", Self::Config),
        ("test_name", Self::TestName),
        ("test_type", Self::TestType),
        ("resource_type", Self::ResourceType),
        ("state", Self::State),
        ("exposure", Self::Exposure),
        ("result", Self::Result),
        ("source_status", Self::SourceStatus),
        ("version", Self::Version),
        ("metric", Self::Metric),
        ("semantic_model", Self::SemanticModel),
        ("saved_query", Self::SavedQuery),
        ("unit_test", Self::UnitTest),
    ];

    /// The method of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(own, _)| *own == name).map(|(_, method)| *method)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, method)| *method == self).map_or("fqn", |(name, _)| name)
    }

    /// What is meant where no method is named.
    fn implied(value: &str) -> Self {
        let lower = value.to_lowercase();
        if value.contains(std::path::MAIN_SEPARATOR) || value.contains('/') {
            Self::Path
        } else if [".sql", ".py", ".csv"].iter().any(|ending| lower.ends_with(ending)) {
            Self::File
        } else {
            Self::Fqn
        }
    }
}

/// How far to go from what a criterion matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// As far as there is something.
    All,
    /// At most this many steps.
    Steps(usize),
}

/// One criterion: what it looks at, what it looks for, and which relatives come along.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// As it was written.
    pub raw: String,
    /// What it looks at.
    pub method: Method,
    /// What follows the method after dots: `config.meta.owner` has `meta` and `owner`.
    pub arguments: Vec<String>,
    /// What it looks for. Only a YAML selector can give something else than a text.
    pub value: Json,
    /// `@`: with all that lies below, and all that those need.
    pub childrens_parents: bool,
    /// `+x`: with what it reads.
    pub parents: Option<Reach>,
    /// `x+`: with what reads it.
    pub children: Option<Reach>,
    /// How tests come along; the request's way where nothing is said.
    pub indirect: Option<Indirect>,
}

impl Criterion {
    /// Reads `2+method.argument:value+1`.
    ///
    /// # Errors
    /// A diagnostic where the method is unknown or the operators do not go together.
    pub fn parse(raw: &str) -> Result<Self, Box<Diagnostic>> {
        let (childrens_parents, rest) = strip_at(raw);
        let (parents, rest) = strip_parents(rest);
        let (method, rest) = split_method(rest);
        let (children, value) = strip_children(rest);
        let (method, arguments) = match method {
            Some(name) => parse_method(name, raw)?,
            None => (Method::implied(value), Vec::new()),
        };
        Self {
            raw: raw.to_owned(),
            method,
            arguments,
            value: Json::String(value.to_owned()),
            childrens_parents,
            parents,
            children,
            indirect: None,
        }
        .checked()
    }

    /// The criterion, if its operators go together.
    ///
    /// # Errors
    /// A diagnostic where they don't.
    pub fn checked(self) -> Result<Self, Box<Diagnostic>> {
        if self.childrens_parents && self.children.is_some() {
            let message = format!("`{}` has both `@` before and `+` after its value", self.raw);
            return Err(Box::new(
                Diagnostic::error("bad-selector", message).hint("`@` includes all that lies below: leave the `+` out"),
            ));
        }
        Ok(self)
    }

    /// What it looks for, as text.
    pub fn text(&self) -> String {
        match &self.value {
            Json::String(s) => s.clone(),
            other => other.to_string(),
        }
    }
}

/// A method's name with its arguments, `config.meta.owner`.
///
/// # Errors
/// A diagnostic where there is no such method.
pub fn parse_method(text: &str, raw: &str) -> Result<(Method, Vec<String>), Box<Diagnostic>> {
    let mut parts = text.split('.');
    let name = parts.next().unwrap_or_default();
    match Method::named(name) {
        Some(method) => Ok((method, parts.map(str::to_owned).collect())),
        None => Err(Box::new(unknown_method(name, raw))),
    }
}

fn unknown_method(name: &str, raw: &str) -> Diagnostic {
    let names = Method::ALL.map(|(name, _)| name);
    let hint = match name {
        "selector" => "a selector of `selectors.yml` is chosen by `--selector NAME`".to_owned(),
        _ => did_you_mean(name, names).unwrap_or_else(|| format!("the methods are {}", names.join(", "))),
    };
    Diagnostic::error("bad-selector", format!("`{name}` in `{raw}` is no selection method")).hint(hint)
}

fn strip_at(text: &str) -> (bool, &str) {
    match text.strip_prefix('@') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

fn strip_parents(text: &str) -> (Option<Reach>, &str) {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match text[digits..].strip_prefix('+') {
        Some(rest) => (Some(reach(&text[..digits])), rest),
        None => (None, text),
    }
}

fn split_method(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((name, rest)) if is_method_name(name) => (Some(name), rest),
        _ => (None, text),
    }
}

fn is_method_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

fn strip_children(text: &str) -> (Option<Reach>, &str) {
    let without = text.trim_end_matches(|c: char| c.is_ascii_digit());
    match without.strip_suffix('+') {
        Some(value) => (Some(reach(&text[without.len()..])), value),
        None => (None, text),
    }
}

fn reach(digits: &str) -> Reach {
    match digits {
        "" => Reach::All,
        _ => Reach::Steps(digits.parse().unwrap_or(usize::MAX)),
    }
}

/// How the parts of a [`Group`] go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combine {
    /// What is in any part.
    Union,
    /// What is in every part.
    Intersection,
    /// What is in the first part and in no other.
    Difference,
}

/// A selection to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    /// One criterion.
    One(Criterion),
    /// Several, put together.
    Many(Group),
}

/// Several selections put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// How.
    pub combine: Combine,
    /// What.
    pub parts: Vec<Spec>,
    /// How tests that were left over by the parts come back in; the request's way where nothing is said.
    pub indirect: Option<Indirect>,
    /// The text to warn about if this matches nothing.
    pub expected: Option<String>,
}

impl Group {
    /// A group as a YAML selector makes it.
    pub(super) fn yaml(combine: Combine, parts: Vec<Spec>) -> Self {
        Self { combine, parts, indirect: Some(Indirect::Eager), expected: None }
    }
}

/// Reads what stands behind `--select` or `--exclude`: spaces unite, commas intersect.
pub(super) fn parse_union(texts: &[String], expected: bool, problems: &mut Vec<Diagnostic>) -> Spec {
    let raws = texts.iter().flat_map(|t| t.split_whitespace());
    let parts = raws.map(|raw| parse_intersection(raw, expected, problems)).collect();
    Spec::Many(Group { combine: Combine::Union, parts, indirect: None, expected: None })
}

fn parse_intersection(raw: &str, expected: bool, problems: &mut Vec<Diagnostic>) -> Spec {
    let mut parts = Vec::new();
    for part in raw.split(',') {
        match Criterion::parse(part) {
            Ok(criterion) => parts.push(Spec::One(criterion)),
            Err(problem) => problems.push(*problem),
        }
    }
    let expected = expected.then(|| raw.to_owned());
    Spec::Many(Group { combine: Combine::Intersection, parts, indirect: None, expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> (Method, String, bool, Option<Reach>, Option<Reach>) {
        let c = Criterion::parse(raw).unwrap();
        (c.method, c.text(), c.childrens_parents, c.parents, c.children)
    }

    #[test]
    fn operators() {
        let all = Some(Reach::All);
        assert_eq!(parsed("a"), (Method::Fqn, "a".into(), false, None, None));
        assert_eq!(parsed("+a+"), (Method::Fqn, "a".into(), false, all, all));
        assert_eq!(parsed("2+a+1"), (Method::Fqn, "a".into(), false, Some(Reach::Steps(2)), Some(Reach::Steps(1))));
        assert_eq!(parsed("@a"), (Method::Fqn, "a".into(), true, None, None));
        assert_eq!(parsed("@+a"), (Method::Fqn, "a".into(), true, all, None));
        assert_eq!(parsed("a+b"), (Method::Fqn, "a+b".into(), false, None, None));
        assert_eq!(parsed("a++"), (Method::Fqn, "a+".into(), false, None, all));
        assert_eq!(parsed("+"), (Method::Fqn, "".into(), false, all, None));
        assert_eq!(parsed("2a"), (Method::Fqn, "2a".into(), false, None, None));
    }

    #[test]
    fn methods() {
        assert_eq!(parsed("tag:x:y").1, "x:y");
        assert_eq!(parsed("+path:models/a.sql+").0, Method::Path);
        assert_eq!(parsed("models/a").0, Method::Path);
        assert_eq!(parsed("A.SQL").0, Method::File);
        assert_eq!(parsed("a-b:c").0, Method::Fqn);
        let config = Criterion::parse("config.meta.owner:ana").unwrap();
        assert_eq!((config.method, config.arguments), (Method::Config, vec!["meta".to_owned(), "owner".to_owned()]));
    }

    #[test]
    fn mistakes() {
        let unknown = Criterion::parse("tags:x").unwrap_err();
        assert_eq!((unknown.code, unknown.hint.as_deref()), ("bad-selector", Some("did you mean `tag`?")));
        assert!(Criterion::parse("@a+").is_err());
        assert!(Criterion::parse("selector:x").unwrap_err().hint.unwrap().contains("--selector"));
    }
}
