//! `selectors.yml`: selections that have a name.

use std::collections::HashMap;

use dbt_yaml::Value;
use serde_json::Value as Json;

use super::spec::{Combine, Criterion, Group, Reach, Spec, parse_method};
use crate::config::yaml::{self, Fields, key_text, kind, scalar_text, span_of};
use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::source::{SourceFile, SourceId, Span};

/// One selector.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// What it selects.
    pub spec: Spec,
    /// Whether it counts where nothing is asked for.
    pub default: bool,
    /// Where it is defined.
    pub span: Span,
}

/// All selectors of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selectors {
    list: Vec<Selector>,
    broken: Vec<String>,
}

impl Selectors {
    /// Reads `selectors.yml` where it holds no templates.
    pub fn parse(id: SourceId, file: &SourceFile) -> Checked<Self> {
        match yaml::parse(id, file) {
            Ok(Some(value)) => Self::from_value(id, &value),
            Ok(None) => Checked::default(),
            Err(problem) => Checked { value: Self::default(), diagnostics: vec![*problem] },
        }
    }

    /// Reads what `selectors.yml` holds, templates rendered.
    pub fn from_value(id: SourceId, value: &Value) -> Checked<Self> {
        let mut reader = Reader { id, known: HashMap::new(), problems: Vec::new() };
        let mut selectors = Self::default();
        match Fields::new(id, value, "the file of selectors") {
            Ok(mut fields) => {
                for item in fields.list("selectors") {
                    reader.selector(item, &mut selectors);
                }
                reader.problems.extend(fields.finish(&["version", "selectors"]));
            }
            Err(problem) => reader.problems.push(*problem),
        }
        reader.one_default(&selectors);
        Checked { value: selectors, diagnostics: reader.problems }
    }

    /// The selector of this name.
    pub fn get(&self, name: &str) -> Option<&Selector> {
        self.list.iter().rfind(|s| s.name == name)
    }

    /// The selector that counts where nothing is asked for.
    pub fn default_selector(&self) -> Option<&Selector> {
        self.list.iter().find(|s| s.default)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Selector> {
        self.list.iter()
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|s| s.name.as_str())
    }

    /// Whether a selector of this name is there but could not be read.
    pub fn is_broken(&self, name: &str) -> bool {
        self.broken.iter().any(|b| b == name)
    }
}

struct Reader {
    id: SourceId,
    /// The selectors read so far; `None` for one with a mistake.
    known: HashMap<String, Option<Spec>>,
    problems: Vec<Diagnostic>,
}

impl Reader {
    fn selector(&mut self, item: &Value, into: &mut Selectors) {
        let mut fields = match Fields::new(self.id, item, "a selector") {
            Ok(fields) => fields,
            Err(problem) => return self.problems.push(*problem),
        };
        let name = fields.required("name", item);
        let description = fields.text("description").unwrap_or_default();
        let default = fields.bool("default").unwrap_or(false);
        let definition = fields.get("definition");
        self.problems.extend(fields.finish(&["name", "description", "default", "definition"]));
        let Some(name) = name else { return };
        let spec = match definition {
            Some(value) => self.definition(value, true),
            None => self.fail(item, format!("the selector `{name}` has no `definition`"), "say what it selects"),
        };
        self.known.insert(name.clone(), spec.clone());
        match spec {
            Some(spec) => {
                into.list.push(Selector { name, description, spec, default, span: span_of(self.id, item) });
            }
            None => into.broken.push(name),
        }
    }

    fn one_default(&mut self, selectors: &Selectors) {
        let defaults: Vec<&Selector> = selectors.list.iter().filter(|s| s.default).collect();
        if let [first, second, ..] = defaults.as_slice() {
            let message = format!("`{}` and `{}` both have `default: true`", first.name, second.name);
            let problem =
                Diagnostic::error("bad-selector", message).at(second.span, "the second").at(first.span, "the first");
            self.problems.push(problem.hint("only one selector can be the default"));
        }
    }

    fn fail<T>(&mut self, at: &Value, message: impl Into<String>, hint: &str) -> Option<T> {
        let problem = Diagnostic::error("bad-selector", message).at(span_of(self.id, at), "here").hint(hint);
        self.problems.push(problem);
        None
    }

    /// A criterion as on the command line, a mapping with one method, a full definition, or a set of these.
    fn definition(&mut self, value: &Value, root: bool) -> Option<Spec> {
        if let Some(text) = value.as_str() {
            return self.written(value, text);
        }
        let Some(map) = value.as_mapping() else {
            let message = format!("a definition is a criterion or a mapping, this is {}", kind(value));
            return self.fail(value, message, "put several criteria under `union:` or `intersection:`");
        };
        let set = [("union", Combine::Union), ("intersection", Combine::Intersection)];
        let found = set.into_iter().find_map(|(key, combine)| Some((key, combine, map.get(key)?)));
        match found {
            Some((key, ..)) if root && map.len() > 1 => {
                let keys: Vec<String> = map.keys().map(key_text).collect();
                let message = format!("`{key}` must be the only key of a definition; this one has {}", keys.join(", "));
                self.fail(value, message, "put what is to be left out into the list, as an item with `exclude:`")
            }
            Some((key, combine, parts)) => self.set(key, combine, parts),
            None => self.criterion(value),
        }
    }

    fn written(&mut self, at: &Value, text: &str) -> Option<Spec> {
        if text.contains([' ', ',']) {
            let message = format!("`{text}` is read as one criterion: spaces and commas mean nothing in a definition");
            let problem = Diagnostic::warning("bad-selector", message).at(span_of(self.id, at), "one criterion");
            self.problems.push(problem.hint("put several criteria under `union:` or `intersection:`"));
        }
        self.located(at, Criterion::parse(text)).map(Spec::One)
    }

    fn located<T>(&mut self, at: &Value, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|problem| self.problems.push((*problem).at(span_of(self.id, at), "here"))).ok()
    }

    /// A list of definitions; one of them may hold `exclude:`, what the others are to be without.
    fn set(&mut self, key: &str, combine: Combine, list: &Value) -> Option<Spec> {
        let Some(items) = list.as_sequence() else {
            return self.fail(list, format!("`{key}` must be a list of definitions"), "start each of them with `- `");
        };
        let mut parts = Vec::new();
        let mut excluded = None;
        let mut whole = true;
        for item in items {
            if item.as_mapping().is_some_and(|m| m.contains_key("exclude")) {
                if excluded.is_some() {
                    whole =
                        self.fail::<()>(item, format!("`{key}` has two `exclude`"), "put both into one list").is_some();
                    continue;
                }
                self.warn_of_dropped(item, key);
                excluded = self.excluded(item);
                whole &= excluded.is_some();
            } else {
                let part = self.definition(item, false);
                whole &= part.is_some();
                parts.extend(part);
            }
        }
        let set = Spec::Many(Group::yaml(combine, parts));
        whole.then(|| without(set, excluded))
    }

    fn warn_of_dropped(&mut self, item: &Value, key: &str) {
        let others = item.as_mapping().into_iter().flat_map(|m| m.keys()).map(key_text).filter(|k| k != "exclude");
        let others: Vec<String> = others.map(|k| format!("`{k}`")).collect();
        if others.is_empty() {
            return;
        }
        let message = format!("beside `exclude` in a `{key}`, {} count for nothing", others.join(", "));
        let hint =
            "this is dbt's rule: the `exclude` applies to the whole list; put the criterion into an item of its own";
        self.problems
            .push(Diagnostic::warning("bad-selector", message).at(span_of(self.id, item), "only excludes").hint(hint));
    }

    /// What stands under `exclude:`, together.
    fn excluded(&mut self, holder: &Value) -> Option<Spec> {
        let list = holder.as_mapping()?.get("exclude")?;
        let Some(items) = list.as_sequence() else {
            return self.fail(list, "`exclude` must be a list of definitions", "start each of them with `- `");
        };
        let parts: Vec<Spec> = items.iter().filter_map(|item| self.definition(item, false)).collect();
        let whole = parts.len() == items.len();
        whole.then(|| Spec::Many(Group::yaml(Combine::Union, parts)))
    }

    fn criterion(&mut self, value: &Value) -> Option<Spec> {
        let map = value.as_mapping()?;
        if let (1, Some((key, wanted))) = (map.len(), map.iter().next()) {
            return self.short(&key_text(key), key, wanted);
        }
        let mut fields = self.located(value, Fields::new(self.id, value, "a definition"))?;
        let method = fields.text("method");
        let (Some(method), Some(wanted)) = (method, fields.get("value")) else {
            self.problems.extend(fields.diagnostics);
            return self.fail(
                value,
                "a definition has a `method` and a `value`",
                "write `method: tag` and `value: nightly`",
            );
        };
        if method == "selector" {
            return self.inherited(wanted, map.len() > 2);
        }
        let built = build(&mut fields, &method, wanted);
        self.problems.extend(fields.finish(&KEYS));
        let base = self.located(value, built).map(Spec::One)?;
        match map.contains_key("exclude") {
            true => self.excluded(value).map(|excluded| without(base, Some(excluded))),
            false => Some(base),
        }
    }

    /// `tag: nightly`.
    fn short(&mut self, method: &str, at: &Value, wanted: &Value) -> Option<Spec> {
        if matches!(method, "exclude" | "method" | "value") {
            let hint = "a definition has a `method` and a `value`, and may have an `exclude` beside them";
            return self.fail(at, format!("`{method}` alone selects nothing"), hint);
        }
        let built = plain(method, wanted);
        self.located(at, built).map(Spec::One)
    }

    /// What another selector, further up in the file, selects.
    fn inherited(&mut self, wanted: &Value, more: bool) -> Option<Spec> {
        if more {
            let problem = Diagnostic::warning("bad-selector", "beside `method: selector` other keys count for nothing")
                .at(span_of(self.id, wanted), "this selector, as it is");
            self.problems.push(problem.hint("put it into a `union:`, with an item that holds `exclude:`"));
        }
        let name = scalar_text(wanted).unwrap_or_default();
        match self.known.get(&name) {
            Some(spec) => spec.clone(),
            None => {
                let hint = did_you_mean(&name, self.known.keys().map(String::as_str));
                let hint = hint.unwrap_or_else(|| "it must be defined further up in this file".to_owned());
                self.fail(wanted, format!("there is no selector named `{name}` above this one"), &hint)
            }
        }
    }
}

fn without(spec: Spec, excluded: Option<Spec>) -> Spec {
    match excluded {
        Some(excluded) => Spec::Many(Group::yaml(Combine::Difference, vec![spec, excluded])),
        None => spec,
    }
}

const KEYS: [&str; 9] = [
    "method",
    "value",
    "parents",
    "children",
    "parents_depth",
    "children_depth",
    "childrens_parents",
    "indirect_selection",
    "exclude",
];

/// A criterion of a method and a value, without relatives.
fn plain(method: &str, wanted: &Value) -> Result<Criterion, Box<Diagnostic>> {
    let value = yaml::to_json(wanted);
    if matches!(value, Json::Array(_) | Json::Object(_) | Json::Null) {
        let message = format!("`{method}` must have one value, this is {}", kind(wanted));
        return Err(Box::new(Diagnostic::error("bad-selector", message).hint("put several under `union:`")));
    }
    let raw = format!("{method}:{}", scalar_text(wanted).unwrap_or_default());
    let (method, arguments) = parse_method(method, &raw)?;
    let (parents, children, indirect) = (None, None, None);
    Ok(Criterion { raw, method, arguments, value, childrens_parents: false, parents, children, indirect })
}

fn build(fields: &mut Fields<'_>, method: &str, wanted: &Value) -> Result<Criterion, Box<Diagnostic>> {
    let mut criterion = plain(method, wanted)?;
    criterion.childrens_parents = fields.bool("childrens_parents").unwrap_or(false);
    criterion.parents = reach(fields, "parents", "parents_depth")?;
    criterion.children = reach(fields, "children", "children_depth")?;
    criterion.indirect = fields.text("indirect_selection").map(|mode| mode.parse()).transpose()?;
    criterion.checked()
}

/// How far to go; a depth of 0 is no limit, as in dbt.
fn reach(fields: &mut Fields<'_>, key: &str, depth_key: &str) -> Result<Option<Reach>, Box<Diagnostic>> {
    let wanted = fields.bool(key).unwrap_or(false);
    let depth = match fields.text(depth_key) {
        None => 0,
        Some(text) => text.parse::<usize>().map_err(|_| {
            Box::new(Diagnostic::error("bad-selector", format!("`{depth_key}` must be a whole number, not `{text}`")))
        })?,
    };
    let reach = if depth == 0 { Reach::All } else { Reach::Steps(depth) };
    Ok(wanted.then_some(reach))
}
