//! `freshness`, `loaded_at_field` and `loaded_at_query` of sources and their tables.

use dbt_yaml::{Mapping, Value};

use crate::config::yaml::{self, Fields, key_span, span_of};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::freshness::{Declared, Freshness, Limit, Period};
use crate::source::SourceId;

const FIELD: &str = "loaded_at_field";
const QUERY: &str = "loaded_at_query";

/// A source, or one of its tables, as written: its keys, and those of its `config`, which count more.
#[derive(Clone, Copy)]
pub(super) struct Level<'a> {
    own: &'a Mapping,
    config: Option<&'a Mapping>,
}

impl<'a> Level<'a> {
    /// `None` where it is no mapping, which is told elsewhere.
    pub fn of(value: &'a Value) -> Option<Self> {
        let own = value.as_mapping()?;
        Some(Self { own, config: own.get("config").and_then(Value::as_mapping) })
    }

    /// The keys, the weaker before the stronger.
    fn maps(self) -> impl Iterator<Item = &'a Mapping> {
        std::iter::once(self.own).chain(self.config)
    }

    /// `tags` and `meta` of both.
    pub fn values(self, key: &str) -> impl Iterator<Item = &'a Value> {
        self.maps().filter_map(move |map| map.get(key))
    }

    fn text(self, key: &str) -> Option<String> {
        let text = |map: &Mapping| map.get(key).filter(|value| !value.is_null()).and_then(yaml::scalar_text);
        self.maps().find_map(|map| text(map).filter(|text| !text.is_empty()))
    }

    fn has(self, key: &str) -> bool {
        self.maps().any(|map| map.contains_key(key))
    }
}

/// What a source or a table says of `freshness`, the weaker place before the stronger, and whether it says twice how it
/// is known when it was loaded.
pub(super) fn read(id: SourceId, level: Level<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Declared> {
    let place = level.maps().flat_map(Mapping::iter).find(|(key, _)| key.as_str() == Some(QUERY));
    if let Some((key, _)) = place.filter(|_| level.text(QUERY).is_some() && level.has(FIELD)) {
        diagnostics.push(
            Diagnostic::error("bad-freshness", "`loaded_at_field` and `loaded_at_query` can't be set together")
                .at(key_span(id, key), "")
                .hint("keep one of the two"),
        );
    }
    level.maps().map(|map| declared(id, map, diagnostics)).collect()
}

fn declared(id: SourceId, map: &Mapping, diagnostics: &mut Vec<Diagnostic>) -> Declared {
    let Some(value) = map.get("freshness") else { return Declared::Unset };
    if value.is_null() {
        return Declared::Null;
    }
    let mut f = match Fields::new(id, value, "`freshness`") {
        Ok(fields) => fields,
        Err(problem) => {
            diagnostics.push(*problem);
            return Declared::Unset;
        }
    };
    let set = Freshness {
        warn_after: limit(id, f.map(), "warn_after", diagnostics),
        error_after: limit(id, f.map(), "error_after", diagnostics),
        filter: f.text("filter"),
    };
    diagnostics.extend(f.finish(&["warn_after", "error_after", "filter"]));
    Declared::Set(set)
}

fn limit(id: SourceId, map: &Mapping, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Limit> {
    let Some(value) = map.get(key) else { return Some(Limit::default()) };
    if value.is_null() {
        return None;
    }
    match Fields::new(id, value, "this limit") {
        Ok(fields) => {
            let limit = Limit { count: count(id, &fields, diagnostics), period: period(id, &fields, diagnostics) };
            diagnostics.extend(fields.finish(&["count", "period"]));
            Some(limit)
        }
        Err(problem) => {
            diagnostics.push(*problem);
            None
        }
    }
}

fn count(id: SourceId, fields: &Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<i64> {
    let value = fields.get("count")?;
    let count = value.as_i64();
    if count.is_none() {
        let hint = "write `count: 12`; for a variable `count: \"{{ var('hours') | as_number }}\"`";
        diagnostics.push(
            Diagnostic::error("bad-freshness", "`count` must be a whole number")
                .at(span_of(id, value), format!("this is {}", yaml::kind(value)))
                .hint(hint),
        );
    }
    count
}

fn period(id: SourceId, fields: &Fields<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Period> {
    let value = fields.get("period")?;
    let name = yaml::scalar_text(value).unwrap_or_default();
    let period = Period::named(&name);
    if period.is_none() {
        let names = Period::ALL.map(Period::as_str);
        diagnostics.push(
            Diagnostic::error("bad-freshness", format!("`{name}` is no period"))
                .at(span_of(id, value), "")
                .hint(format!("the periods are {}", names.join(", ")))
                .maybe_hint(did_you_mean(&name, names)),
        );
    }
    period
}

/// The column, or the query, that tells when a table was last loaded. A table that says either takes none of its source.
pub(super) fn loaded_at(source: Level<'_>, table: Level<'_>) -> (Option<String>, Option<String>) {
    let field = if table.has(FIELD) { table.text(FIELD) } else { source.text(FIELD) };
    let query = match table.text(QUERY) {
        None if !table.has(FIELD) => source.text(QUERY),
        own => own,
    };
    (field, query)
}
