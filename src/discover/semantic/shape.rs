//! The form that entries of the semantic layer have in the manifest, and how what people write becomes that.

use serde_json::{Map, Value as Json, json};

/// What a key holds, and what stands there where it is missing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Anything, or null.
    Any,
    /// A text, or null.
    Text,
    /// `false` unless it is set.
    Flag,
    /// A list, or an empty one.
    List,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words; the first where it is missing.
    WordOr(&'static [&'static str]),
    /// Conditions, as a text or several.
    Where,
    /// `7 days`, as data.
    Window,
    /// A mapping, or null.
    Map(&'static [Key]),
    /// A mapping, or just the name in it.
    Named(&'static [Key]),
    /// A list of such.
    Each(&'static [Key]),
    /// A list of such, or of names.
    EachNamed(&'static [Key]),
    /// Free data below `config`.
    Config,
    /// Filled in when the graph is known: null until then.
    Later,
}

/// A key and what it holds.
pub(super) type Key = (&'static str, Shape);

const AGGREGATIONS: &[&str] =
    &["sum", "min", "max", "count_distinct", "sum_boolean", "average", "percentile", "median", "count"];

const MEASURE_INPUT: &[Key] = &[
    ("name", Shape::Text),
    ("filter", Shape::Where),
    ("alias", Shape::Text),
    ("join_to_timespine", Shape::Flag),
    ("fill_nulls_with", Shape::Any),
];

const METRIC_INPUT: &[Key] = &[
    ("name", Shape::Text),
    ("filter", Shape::Where),
    ("alias", Shape::Text),
    ("offset_window", Shape::Window),
    ("offset_to_grain", Shape::Text),
];

const CONVERSION: &[Key] = &[
    ("base_measure", Shape::Named(MEASURE_INPUT)),
    ("conversion_measure", Shape::Named(MEASURE_INPUT)),
    ("entity", Shape::Text),
    ("calculation", Shape::WordOr(&["conversion_rate", "conversions"])),
    ("window", Shape::Window),
    ("constant_properties", Shape::Any),
];

/// `cumulative_type_params` of a metric.
pub(super) const CUMULATIVE: &[Key] = &[
    ("window", Shape::Window),
    ("grain_to_date", Shape::Text),
    ("period_agg", Shape::WordOr(&["first", "last", "average"])),
    ("metric", Shape::Later),
];

const TYPE_PARAMS: &[Key] = &[
    ("measure", Shape::Named(MEASURE_INPUT)),
    ("input_measures", Shape::Each(MEASURE_INPUT)),
    ("numerator", Shape::Named(METRIC_INPUT)),
    ("denominator", Shape::Named(METRIC_INPUT)),
    ("expr", Shape::Text),
    ("window", Shape::Window),
    ("grain_to_date", Shape::Text),
    ("metrics", Shape::EachNamed(METRIC_INPUT)),
    ("conversion_type_params", Shape::Map(CONVERSION)),
    ("cumulative_type_params", Shape::Map(CUMULATIVE)),
    ("metric_aggregation_params", Shape::Later),
];

/// A metric.
pub(super) const METRIC: &[Key] = &[
    ("description", Shape::Text),
    ("label", Shape::Text),
    ("type", Shape::Word(&["simple", "ratio", "cumulative", "derived", "conversion"])),
    ("type_params", Shape::Map(TYPE_PARAMS)),
    ("filter", Shape::Where),
    ("metadata", Shape::Later),
    ("time_granularity", Shape::Text),
];

const ENTITY: &[Key] = &[
    ("name", Shape::Text),
    ("type", Shape::Word(&["foreign", "natural", "primary", "unique"])),
    ("description", Shape::Text),
    ("label", Shape::Text),
    ("role", Shape::Text),
    ("expr", Shape::Text),
    ("config", Shape::Config),
];

const AGG_PARAMS: &[Key] = &[
    ("percentile", Shape::Any),
    ("use_discrete_percentile", Shape::Flag),
    ("use_approximate_percentile", Shape::Flag),
];

const NON_ADDITIVE: &[Key] =
    &[("name", Shape::Text), ("window_choice", Shape::Word(AGGREGATIONS)), ("window_groupings", Shape::List)];

const MEASURE: &[Key] = &[
    ("name", Shape::Text),
    ("agg", Shape::Word(AGGREGATIONS)),
    ("description", Shape::Text),
    ("label", Shape::Text),
    ("create_metric", Shape::Flag),
    ("expr", Shape::Text),
    ("agg_params", Shape::Map(AGG_PARAMS)),
    ("non_additive_dimension", Shape::Map(NON_ADDITIVE)),
    ("agg_time_dimension", Shape::Text),
    ("config", Shape::Config),
];

const DIMENSION_PARAMS: &[Key] = &[
    ("time_granularity", Shape::Text),
    ("validity_params", Shape::Map(&[("is_start", Shape::Flag), ("is_end", Shape::Flag)])),
];

const DIMENSION: &[Key] = &[
    ("name", Shape::Text),
    ("type", Shape::Word(&["categorical", "time"])),
    ("description", Shape::Text),
    ("label", Shape::Text),
    ("is_partition", Shape::Flag),
    ("type_params", Shape::Map(DIMENSION_PARAMS)),
    ("expr", Shape::Text),
    ("metadata", Shape::Later),
    ("config", Shape::Config),
];

/// A semantic model.
pub(super) const SEMANTIC_MODEL: &[Key] = &[
    ("model", Shape::Text),
    ("node_relation", Shape::Later),
    ("description", Shape::Text),
    ("label", Shape::Text),
    ("defaults", Shape::Map(&[("agg_time_dimension", Shape::Text)])),
    ("entities", Shape::Each(ENTITY)),
    ("measures", Shape::Each(MEASURE)),
    ("dimensions", Shape::Each(DIMENSION)),
    ("metadata", Shape::Later),
    ("primary_entity", Shape::Text),
];

const QUERY: &[Key] = &[
    ("metrics", Shape::List),
    ("group_by", Shape::List),
    ("where", Shape::Where),
    ("order_by", Shape::List),
    ("limit", Shape::Any),
];

/// A saved query.
pub(super) const SAVED_QUERY: &[Key] = &[
    ("query_params", Shape::Map(QUERY)),
    ("exports", Shape::Each(&[("name", Shape::Text), ("config", Shape::Any)])),
    ("description", Shape::Text),
    ("label", Shape::Text),
    ("metadata", Shape::Later),
];

/// A mapping with all keys. What can't be read is told in `problems`.
pub(super) fn shaped(written: &Map<String, Json>, keys: &[Key], problems: &mut Vec<String>) -> Map<String, Json> {
    let value = |(key, shape): &Key| ((*key).to_owned(), shape.of(key, written.get(*key), problems));
    keys.iter().map(value).collect()
}

impl Shape {
    fn of(self, key: &str, written: Option<&Json>, problems: &mut Vec<String>) -> Json {
        let written = written.filter(|value| !value.is_null());
        match (self, written) {
            (
                Self::Later | Self::Any | Self::Text | Self::Window | Self::Where | Self::Map(_) | Self::Named(_),
                None,
            ) => Json::Null,
            (Self::Flag, None) => json!(false),
            (Self::List | Self::Each(_) | Self::EachNamed(_), None) => json!([]),
            (Self::WordOr(words), None) => json!(words[0]),
            (Self::Config, value) => json!({"meta": value.and_then(|c| c.get("meta")).cloned().unwrap_or(json!({}))}),
            (Self::Word(words), None) => {
                problems.push(format!("`{key}` is missing: it is one of {}", words.join(", ")));
                Json::Null
            }
            (Self::Any | Self::Flag, Some(value)) => value.clone(),
            (Self::Later, Some(_)) => Json::Null,
            (Self::Text, Some(value)) => text(value),
            (Self::Word(words) | Self::WordOr(words), Some(value)) => word(key, words, value, problems),
            (Self::Where, Some(value)) => conditions(value),
            (Self::Window, Some(value)) => window(key, value, problems),
            (Self::Map(keys), Some(Json::Object(map))) => Json::Object(shaped(map, keys, problems)),
            (Self::Named(keys), Some(value)) => named(key, keys, value, problems),
            (Self::Map(_), Some(_)) => wrong(key, "a mapping", problems),
            (Self::List, Some(Json::Array(items))) => Json::Array(items.clone()),
            (Self::Each(keys) | Self::EachNamed(keys), Some(Json::Array(items))) => {
                let names = matches!(self, Self::EachNamed(_));
                let entry = |item: &Json| match item {
                    Json::Object(map) => Json::Object(shaped(map, keys, problems)),
                    other if names => named(key, keys, other, problems),
                    _ => wrong(key, "a list of mappings", problems),
                };
                items.iter().map(entry).collect()
            }
            (Self::List | Self::Each(_) | Self::EachNamed(_), Some(_)) => wrong(key, "a list", problems),
        }
    }
}

fn wrong(key: &str, expected: &str, problems: &mut Vec<String>) -> Json {
    problems.push(format!("`{key}` must be {expected}"));
    Json::Null
}

/// Numbers and booleans count as what they look like; a boolean is written as Python does.
fn text(value: &Json) -> Json {
    match value {
        Json::Bool(flag) => json!(if *flag { "True" } else { "False" }),
        Json::String(_) => value.clone(),
        other => json!(other.to_string()),
    }
}

fn named(key: &str, keys: &[Key], value: &Json, problems: &mut Vec<String>) -> Json {
    match value {
        Json::Object(map) => Json::Object(shaped(map, keys, problems)),
        Json::String(name) => {
            let map = Map::from_iter([("name".to_owned(), json!(name))]);
            Json::Object(shaped(&map, keys, problems))
        }
        _ => wrong(key, "a name, or a mapping with one", problems),
    }
}

fn word(key: &str, words: &[&str], value: &Json, problems: &mut Vec<String>) -> Json {
    let written = value.as_str().map(str::to_lowercase).unwrap_or_else(|| value.to_string());
    if !words.contains(&written.as_str()) {
        problems.push(format!("`{key}` can't be {value}: it is one of {}", words.join(", ")));
    }
    json!(written)
}

fn conditions(value: &Json) -> Json {
    let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let filters: Vec<Json> = all.iter().map(|sql| json!({"where_sql_template": sql})).collect();
    json!({"where_filters": filters})
}

/// `7 days` is 7 of `day`.
fn window(key: &str, value: &Json, problems: &mut Vec<String>) -> Json {
    const GRAINS: [&str; 11] = [
        "nanosecond",
        "microsecond",
        "millisecond",
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
    ];
    let written = value.as_str().unwrap_or_default().to_lowercase();
    let parts = written.split_once(' ').and_then(|(count, grain)| Some((count.parse::<u64>().ok()?, grain)));
    match parts.filter(|(_, grain)| !grain.contains(' ')) {
        Some((count, grain)) => {
            let single = grain.strip_suffix('s').filter(|single| GRAINS.contains(single));
            json!({"count": count, "granularity": single.unwrap_or(grain)})
        }
        None => {
            problems.push(format!("`{key}` can't be {value}: write a count and a unit, `28 days`"));
            Json::Null
        }
    }
}
