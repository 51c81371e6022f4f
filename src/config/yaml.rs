//! Reading YAML: values that know where they stand, mappings whose unknown keys are reported.

mod scalar;
mod syntax;

use dbt_yaml::mapping::DuplicateKey;
use dbt_yaml::{Mapping, Value};
use serde_json::{Map, Value as Json};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::{SourceFile, SourceId, Span};

/// Parses a file. An empty one is `None`.
///
/// # Errors
/// A diagnostic at the place where the text stops being YAML.
pub fn parse(id: SourceId, file: &SourceFile) -> Result<Option<Value>, Box<Diagnostic>> {
    read(id, file, &file.text, &mut Vec::new())
}

/// Parses a file, without the space at its end as dbt does, and notes every key that stands twice in a mapping. The last
/// one counts, as in dbt.
///
/// # Errors
/// A diagnostic at the place where the text stops being YAML.
pub fn parse_noting(
    id: SourceId,
    file: &SourceFile,
    notes: &mut Vec<Diagnostic>,
) -> Result<Option<Value>, Box<Diagnostic>> {
    read(id, file, file.text.trim_end(), notes)
}

fn read(
    id: SourceId,
    file: &SourceFile,
    text: &str,
    notes: &mut Vec<Diagnostic>,
) -> Result<Option<Value>, Box<Diagnostic>> {
    let parsed = Value::from_str(text, |_, key, first| {
        notes.push(
            Diagnostic::warning("duplicate-key", format!("the key `{}` is given twice", key_text(key)))
                .at(key_span(id, key), "this one counts")
                .at(key_span(id, first), "this one is ignored")
                .hint("keep one of the two"),
        );
        DuplicateKey::Overwrite
    });
    match parsed {
        Ok(Value::Null(_)) => Ok(None),
        Ok(mut value) => {
            scalar::read_numbers(text, &mut value);
            // `<<:` merges; a merge of something that is no mapping is left as it stands.
            let _ = value.apply_merge();
            if !text.ends_with('\n') {
                end_of_file(&mut value, text);
            }
            Ok(Some(value))
        }
        Err(_) if file.text.lines().all(|l| l.trim().is_empty() || l.trim_start().starts_with('#')) => Ok(None),
        Err(error) => Err(Box::new(syntax::error(id, file, &error))),
    }
}

/// The last block text of a file that does not end its last line has no line end either.
fn end_of_file(value: &mut Value, text: &str) {
    match value {
        Value::Mapping(map, _) => map.iter_mut().last().into_iter().for_each(|(_, last)| end_of_file(last, text)),
        Value::Sequence(items, _) => items.last_mut().into_iter().for_each(|last| end_of_file(last, text)),
        Value::String(last, _) if last.ends_with('\n') => {
            let line = last.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
            let word = line.rsplit(' ').next().unwrap_or_default();
            if text.ends_with(word) {
                last.pop();
            }
        }
        _ => {}
    }
}

/// The bytes at which a value stands.
pub fn span_of(id: SourceId, value: &Value) -> Span {
    let span = value.span();
    let end = match value {
        Value::Mapping(..) | Value::Sequence(..) => span.start.index,
        _ => span.end.index,
    };
    Span::new(id, span.start.index, end)
}

/// The bytes at which a key stands, without the `:` after it.
pub fn key_span(id: SourceId, key: &Value) -> Span {
    let whole = span_of(id, key);
    let length = u32::try_from(key_text(key).len()).unwrap_or(u32::MAX);
    Span { end: whole.end.min(whole.start.saturating_add(length)), ..whole }
}

/// The value without its places. Keys become text, dates ISO text.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null(_) => Json::Null,
        Value::Bool(b, _) => Json::Bool(*b),
        Value::Number(n, _) => number(n),
        Value::String(s, _) => Json::String(s.clone()),
        Value::Timestamp(t, _) => Json::String(t.to_string()),
        Value::Sequence(items, _) => Json::Array(items.iter().map(to_json).collect()),
        Value::Mapping(map, _) => Json::Object(map_to_json(map)),
        Value::Tagged(tagged, _) => to_json(&tagged.value),
    }
}

/// A mapping without its places.
pub fn map_to_json(map: &Mapping) -> Map<String, Json> {
    map.iter().map(|(k, v)| (key_text(k), to_json(v))).collect()
}

fn number(n: &dbt_yaml::Number) -> Json {
    if let Some(i) = n.as_i64() {
        return Json::from(i);
    }
    if let Some(u) = n.as_u64() {
        return Json::from(u);
    }
    n.as_f64().and_then(serde_json::Number::from_f64).map_or_else(|| Json::String(n.to_string()), Json::Number)
}

/// A key as text.
pub fn key_text(key: &Value) -> String {
    key.as_scalar_string().map(|s| s.into_owned()).unwrap_or_default()
}

/// A scalar as text: what people mean by `version: 1.0`.
pub fn scalar_text(value: &Value) -> Option<String> {
    value.as_scalar_string().map(|s| s.into_owned())
}

/// Reads the keys of one mapping and reports what is wrong with them.
pub struct Fields<'a> {
    id: SourceId,
    map: &'a Mapping,
    what: &'a str,
    /// Problems found so far.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// The keys of `value`, which is called `what` in messages ("a model", "this column").
    ///
    /// # Errors
    /// A diagnostic where `value` is no mapping.
    pub fn new(id: SourceId, value: &'a Value, what: &'a str) -> Result<Self, Box<Diagnostic>> {
        match value.as_mapping() {
            Some(map) => Ok(Self { id, map, what, diagnostics: Vec::new() }),
            None => Err(Box::new(
                Diagnostic::error("wrong-type", format!("{what} must be a mapping of keys to values"))
                    .at(span_of(id, value), format!("this is {}", kind(value))),
            )),
        }
    }

    /// The value of a key; `None` where it is missing or null.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|v| !v.is_null())
    }

    /// The whole mapping.
    pub fn map(&self) -> &'a Mapping {
        self.map
    }

    /// Where the value of a key stands.
    pub fn value_span(&self, key: &str) -> Option<Span> {
        self.get(key).map(|value| span_of(self.id, value))
    }

    /// Where the key stands.
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.map.iter().find(|(k, _)| k.as_str() == Some(key)).map(|(k, _)| span_of(self.id, k))
    }

    /// A text. Numbers and booleans count as what they look like.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        scalar_text(value).or_else(|| self.wrong(key, value, "a text"))
    }

    /// A boolean; a template (`"{{ … }}"`) is `None` here.
    pub fn bool(&mut self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        match value {
            Value::Bool(b, _) => Some(*b),
            Value::String(s, _) if s.contains("{{") => None,
            Value::String(s, _) if s.eq_ignore_ascii_case("true") => Some(true),
            Value::String(s, _) if s.eq_ignore_ascii_case("false") => Some(false),
            _ => self.wrong(key, value, "true or false"),
        }
    }

    /// A list; one item that is no list counts as a list of one where `or_one` is set.
    pub fn list(&mut self, key: &str) -> &'a [Value] {
        match self.get(key) {
            None => &[],
            Some(value) => match value.as_sequence() {
                Some(items) => items,
                None => self.wrong(key, value, "a list").unwrap_or(&[]),
            },
        }
    }

    /// A list of texts, or a single text.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        match self.get(key) {
            None => Vec::new(),
            Some(Value::Sequence(items, _)) => items.iter().filter_map(scalar_text).collect(),
            Some(other) => match scalar_text(other) {
                Some(text) => vec![text],
                None => self.wrong(key, other, "a list of texts").unwrap_or_default(),
            },
        }
    }

    /// A mapping, as plain data.
    pub fn object(&mut self, key: &str) -> Map<String, Json> {
        match self.get(key) {
            None => Map::new(),
            Some(value) => match value.as_mapping() {
                Some(map) => map_to_json(map),
                None => self.wrong(key, value, "a mapping").unwrap_or_default(),
            },
        }
    }

    fn wrong<T>(&mut self, key: &str, value: &Value, expected: &str) -> Option<T> {
        self.diagnostics.push(
            Diagnostic::error("wrong-type", format!("`{key}` of {} must be {expected}", self.what))
                .at(span_of(self.id, value), format!("this is {}", kind(value))),
        );
        None
    }

    /// A key that has to be there.
    pub fn required(&mut self, key: &str, at: &Value) -> Option<String> {
        if self.get(key).is_none() {
            self.diagnostics.push(
                Diagnostic::error("missing-key", format!("{} has no `{key}`", self.what))
                    .at(span_of(self.id, at), "")
                    .hint(format!("add `{key}: …`")),
            );
        }
        self.text(key)
    }

    /// Ends the reading: warns of every key that is not among `known`, as dbt does.
    pub fn finish(mut self, known: &[&str]) -> Vec<Diagnostic> {
        for (key, _) in self.map {
            let name = key_text(key);
            if name == "<<" || known.contains(&name.as_str()) {
                continue;
            }
            let span = key_span(self.id, key);
            let message = format!("{} has no key `{name}`", self.what);
            let free = known.iter().copied().filter(|k| !self.map.contains_key(*k));
            let warning = Diagnostic::warning("unknown-key", message).at(span, "ignored");
            self.diagnostics.push(match did_you_mean(&name, free) {
                Some(hint) => warning.hint(hint),
                None if known.contains(&"meta") => warning.hint("put keys of your own under `meta:`"),
                None => warning.hint("it has no effect: correct its name, or remove it"),
            });
        }
        self.diagnostics
    }
}

/// What a value is, in words.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null(_) => "nothing",
        Value::Bool(..) => "true or false",
        Value::Number(..) => "a number",
        Value::String(..) => "a text",
        Value::Timestamp(..) => "a date",
        Value::Sequence(..) => "a list",
        Value::Mapping(..) => "a mapping",
        Value::Tagged(..) => "a tagged value",
    }
}

/// Turns the text of a template into a value, or says what is wrong with it.
pub type Render<'a> = &'a dyn Fn(&str) -> Result<Json, Box<Diagnostic>>;

/// Replaces every template in a value by what it renders to; keys for which `skip` is true are left as they stand.
/// `path` is where `value` is: the keys above it.
pub fn render(
    id: SourceId,
    value: &mut Value,
    path: &mut Vec<String>,
    with: Render<'_>,
    skip: &dyn Fn(&[String]) -> bool,
) -> Vec<Diagnostic> {
    match value {
        Value::String(text, _) if is_template(text) => {
            let rendered = with(text);
            let span = value.span().clone();
            match rendered {
                Ok(json) => *value = from_json(&json).with_span(span),
                Err(diagnostic) => return vec![(*diagnostic).at(span_of(id, value), "in this template")],
            }
            Vec::new()
        }
        Value::Sequence(items, _) => items.iter_mut().flat_map(|item| render(id, item, path, with, skip)).collect(),
        Value::Mapping(map, _) => {
            let mut found = Vec::new();
            for (key, item) in map.iter_mut() {
                path.push(key_text(key));
                if !skip(path) {
                    found.extend(render(id, item, path, with, skip));
                }
                path.pop();
            }
            found
        }
        _ => Vec::new(),
    }
}

/// Whether a text holds Jinja.
pub fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::null(),
        Json::Bool(b) => Value::bool(*b),
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(i), _) => Value::number(i.into()),
            (None, Some(f)) => Value::number(f.into()),
            _ => Value::string(n.to_string()),
        },
        Json::String(s) => Value::string(s.clone()),
        Json::Array(items) => Value::sequence(items.iter().map(from_json).collect()),
        Json::Object(map) => {
            Value::mapping(map.iter().map(|(k, v)| (Value::string(k.clone()), from_json(v))).collect())
        }
    }
}
