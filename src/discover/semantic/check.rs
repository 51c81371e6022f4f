//! What MetricFlow would reject of the semantic layer, found before anything else reads it.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::node::{Node, ResourceType};

type Entry = Map<String, Json>;

/// What is wrong with semantic models and metrics, once they are linked. As in dbt, only a project that has both is
/// checked; a model of days is needed for semantic models alone.
pub(crate) fn check(nodes: &[Node]) -> Vec<Diagnostic> {
    let of_kind = |kind: ResourceType| nodes.iter().filter(move |node| node.resource_type == kind);
    let mut found = Vec::new();
    let Some(first) = of_kind(ResourceType::SemanticModel).next() else { return found };
    if !nodes.iter().any(is_fine_spine) {
        found.push(
            problem(first, "a semantic model needs a time spine of days or finer, and no model is one".to_owned())
                .hint("give a model of days `time_spine: {standard_granularity_column: …}`, and that column a `granularity: day`"),
        );
    }
    if of_kind(ResourceType::Metric).next().is_none() {
        return found;
    }
    let mut measures = HashMap::new();
    for model in of_kind(ResourceType::SemanticModel) {
        found.extend(of_model(model));
        for name in parts(model, "measures").filter_map(|measure| text(measure, "name")) {
            if let Some(other) = measures.insert(name, model) {
                let message = format!("the measure `{name}` is declared twice: the other is of `{}`", other.name);
                found.push(
                    problem(model, message).hint("rename one of the two: metrics name measures without their model"),
                );
            }
        }
    }
    let by_measure = |name: &str| measures.get(name).copied();
    found.extend(of_kind(ResourceType::Metric).flat_map(|metric| of_metric(metric, &by_measure)));
    found
}

fn problem(node: &Node, message: String) -> Diagnostic {
    Diagnostic::error("bad-semantics", format!("{}: {message}", node.label())).at(node.patch_span, "")
}

fn text<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
    entry.get(key).and_then(Json::as_str)
}

fn parts<'a>(model: &'a Node, part: &str) -> impl Iterator<Item = &'a Entry> {
    let items = model.semantic(part).and_then(Json::as_array);
    items.into_iter().flatten().filter_map(Json::as_object)
}

/// Whether a model has a row for each day, or for something finer.
fn is_fine_spine(node: &Node) -> bool {
    const FINE: [&str; 7] = ["nanosecond", "microsecond", "millisecond", "second", "minute", "hour", "day"];
    let column = node.time_spine.as_ref().and_then(|spine| spine.get("standard_granularity_column")?.as_str());
    let granularity = column.and_then(|column| node.columns.get(column)?.granularity.as_deref());
    let is_legacy = node.name == "metricflow_time_spine" && node.resource_type.is_refable();
    is_legacy || granularity.is_some_and(|granularity| FINE.contains(&granularity.to_lowercase().as_str()))
}

/// Whether MetricFlow takes a name.
fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    name.len() > 1
        && name.bytes().all(|b| plain(b) || b == b'_')
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('_')
        && !name.contains("__")
}

fn of_model(model: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for part in ["entities", "dimensions", "measures"] {
        for name in parts(model, part).filter_map(|entry| text(entry, "name")) {
            if !is_name(name) {
                let hint = "names are of lower-case letters, digits and single underscores, such as `order_id`";
                found.push(problem(model, format!("`{name}` is no name of one of its {part}")).hint(hint));
            }
            if !seen.insert(name) {
                let hint = "entities, dimensions and measures of a semantic model have different names";
                found.push(problem(model, format!("it has `{name}` twice")).hint(hint));
            }
        }
    }
    found.extend(primary_entity(model).map(|(message, hint)| problem(model, message).hint(hint)));
    found.extend(parts(model, "measures").filter_map(|measure| of_measure(model, measure)));
    found
}

/// What is wrong with what tells the rows of a model apart, and what to do.
fn primary_entity(model: &Node) -> Option<(String, &'static str)> {
    let primary = parts(model, "entities").filter(|entity| text(entity, "type") == Some("primary"));
    let primary: Vec<&str> = primary.filter_map(|entity| text(entity, "name")).collect();
    let named = model.semantic("primary_entity").and_then(Json::as_str);
    match (&primary[..], named) {
        ([_, _, ..], _) => {
            Some((format!("its entities {} are all primary", primary.join(", ")), "keep one primary entity"))
        }
        ([entity], Some(named)) => {
            let message = format!("its entity `{entity}` is primary, and it has `primary_entity: {named}` too");
            Some((message, "remove `primary_entity`"))
        }
        ([], None) if parts(model, "dimensions").next().is_some() => {
            let hint = "give an entity `type: primary`, or name it: `primary_entity: order`";
            Some(("it has dimensions and no primary entity".to_owned(), hint))
        }
        _ => None,
    }
}

fn of_measure(model: &Node, measure: &Entry) -> Option<Diagnostic> {
    let name = text(measure, "name")?;
    let is_time = |wanted: &str| {
        let mut dimensions = parts(model, "dimensions");
        dimensions.any(|d| text(d, "name") == Some(wanted) && text(d, "type") == Some("time"))
    };
    let default = model.semantic("defaults").and_then(|defaults| defaults.get("agg_time_dimension")?.as_str());
    let Some(time) = text(measure, "agg_time_dimension").or(default) else {
        let hint = "say which dimension tells its time: `agg_time_dimension`, or once for all below `defaults`";
        return Some(problem(model, format!("its measure `{name}` has no `agg_time_dimension`")).hint(hint));
    };
    if !is_time(time) {
        let message =
            format!("`agg_time_dimension` of its measure `{name}` is `{time}`, which is no dimension of time");
        return Some(problem(model, message).hint("name one of its dimensions of `type: time`"));
    }
    if text(measure, "agg") == Some("count") && measure.get("expr").is_none_or(Json::is_null) {
        let hint = "write `expr: 1` to count rows, or the column whose values count";
        return Some(problem(model, format!("its measure `{name}` counts, and has no `expr`")).hint(hint));
    }
    let rest = measure.get("non_additive_dimension").and_then(Json::as_object);
    let dimension = rest.and_then(|rest| text(rest, "name"))?;
    let message =
        || format!("`non_additive_dimension` of its measure `{name}` is `{dimension}`, which is no dimension of time");
    (!is_time(dimension)).then(|| problem(model, message()).hint("name one of its dimensions of `type: time`"))
}

fn of_metric<'a>(metric: &Node, by_measure: &dyn Fn(&str) -> Option<&'a Node>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !is_name(&metric.name) {
        let hint = "names are of lower-case letters, digits and single underscores, such as `order_total`";
        found.push(problem(metric, "its name can't be used".to_owned()).hint(hint));
    }
    let Some(params) = metric.semantic("type_params").and_then(Json::as_object) else { return found };
    let more = match metric.semantic("type").and_then(Json::as_str) {
        Some("cumulative") => cumulative(params),
        Some("derived") => derived(params),
        Some("conversion") => conversion(params, by_measure),
        _ => Vec::new(),
    };
    found.extend(more.into_iter().map(|(message, hint)| problem(metric, message).hint(hint)));
    found
}

type Problems = Vec<(String, &'static str)>;

fn cumulative(params: &Entry) -> Problems {
    let cumulative = params.get("cumulative_type_params").and_then(Json::as_object);
    let has = |key: &str| cumulative.and_then(|set| set.get(key)).is_some_and(|value| !value.is_null());
    match has("window") && has("grain_to_date") {
        true => vec![("it has both `window` and `grain_to_date`".to_owned(), "keep one of the two")],
        false => Vec::new(),
    }
}

fn derived(params: &Entry) -> Problems {
    let mut found = Vec::new();
    let inputs = params.get("metrics").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object);
    let inputs: Vec<&Entry> = inputs.collect();
    let Some(expr) = text(params, "expr") else {
        return vec![("a derived metric has no `expr`".to_owned(), "say how it is computed of its metrics")];
    };
    if inputs.is_empty() {
        found.push(("a derived metric has no `metrics`".to_owned(), "name those that `expr` computes with"));
    }
    let mut aliases = HashSet::new();
    for input in inputs {
        let Some(name) = text(input, "alias").or_else(|| text(input, "name")) else { continue };
        let words = |c: char| !(c.is_alphanumeric() || c == '_');
        if !expr.split(words).any(|word| word == name) {
            found.push((format!("its `expr` does not use `{name}`"), "use it, or remove it from `metrics`"));
        }
        if text(input, "alias").is_some_and(|alias| !aliases.insert(alias)) {
            found.push((format!("two of its metrics have the alias `{name}`"), "choose another alias"));
        }
        let has = |key: &str| input.get(key).is_some_and(|value| !value.is_null());
        if has("offset_window") && has("offset_to_grain") {
            let message = format!("its metric `{name}` has both `offset_window` and `offset_to_grain`");
            found.push((message, "keep one of the two"));
        }
    }
    found
}

fn conversion<'a>(params: &Entry, by_measure: &dyn Fn(&str) -> Option<&'a Node>) -> Problems {
    let Some(set) = params.get("conversion_type_params").and_then(Json::as_object) else { return Vec::new() };
    let Some(entity) = text(set, "entity") else { return Vec::new() };
    let models = ["base_measure", "conversion_measure"].into_iter();
    let models = models.filter_map(|key| by_measure(text(set.get(key)?.as_object()?, "name")?));
    let lacks = |model: &&Node| !parts(model, "entities").any(|e| text(e, "name") == Some(entity));
    let hint = "both measures have to be of semantic models with that entity";
    models.filter(lacks).map(|model| (format!("`{}` has no entity `{entity}`", model.name), hint)).collect()
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_are_those_that_metricflow_takes() {
        assert!(["order_id", "a1", "x_2_y"].iter().all(|name| is_name(name)));
        assert!(!["a", "Order", "order__id", "_a", "a_", "1a", "a b", ""].iter().any(|name| is_name(name)));
    }
}
