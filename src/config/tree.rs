//! The config trees of a project file (`models: {shop: {staging: {+materialized: view}}}`) and how levels are merged.

use serde_json::{Map, Value as Json};

/// The settings that the tree `root` has for a node, from the outermost level to the innermost, one map for each.
///
/// As in dbt (`docs.getdbt.com/reference/define-configs`): a key with `+`, or one whose value is no mapping, is a
/// setting; any other is the next part of the node's fqn.
pub fn levels(root: &Map<String, Json>, fqn: &[String]) -> Vec<Map<String, Json>> {
    let mut found = vec![settings(root)];
    let mut at = root;
    for part in fqn {
        match at.get(part) {
            Some(Json::Object(inner)) => at = inner,
            _ => break,
        }
        found.push(settings(at));
    }
    found.retain(|level| !level.is_empty());
    found
}

fn settings(level: &Map<String, Json>) -> Map<String, Json> {
    level
        .iter()
        .filter_map(|(key, value)| match key.strip_prefix('+') {
            Some(name) => Some((name.trim().to_owned(), value.clone())),
            None if value.is_object() => None,
            None => Some((key.clone(), value.clone())),
        })
        .collect()
}

/// The paths of a tree that name no node: `models.shop.stagging`. `fqns` are those of all nodes of the kind.
pub fn unused_paths<'a>(
    root: &Map<String, Json>,
    fqns: impl Iterator<Item = &'a [String]> + Clone,
) -> Vec<Vec<String>> {
    let mut unused = Vec::new();
    collect_unused(root, &mut Vec::new(), &fqns, &mut unused);
    unused
}

fn collect_unused<'a>(
    at: &Map<String, Json>,
    path: &mut Vec<String>,
    fqns: &(impl Iterator<Item = &'a [String]> + Clone),
    unused: &mut Vec<Vec<String>>,
) {
    for (key, value) in at {
        let Json::Object(inner) = value else { continue };
        if key.starts_with('+') {
            continue;
        }
        path.push(key.clone());
        match fqns.clone().any(|fqn| fqn.starts_with(path)) {
            true => collect_unused(inner, path, fqns, unused),
            false => unused.push(path.clone()),
        }
        path.pop();
    }
}

/// Merges one level over what outer levels set: `tags` and hooks are appended, `meta`, `column_types` … merged by key,
/// everything else replaced (dbt's `docs.getdbt.com/reference/configs-and-properties#config-inheritance`).
pub fn merge(into: &mut Map<String, Json>, level: Map<String, Json>) {
    for (key, value) in level {
        let key = canonical(&key);
        match key {
            "tags" => append(into, key, value),
            "pre-hook" | "post-hook" => append(into, key, value),
            "meta" | "column_types" | "docs" => merge_map(into, key, value),
            "grants" => merge_grants(into, value),
            _ => drop(into.insert(key.to_owned(), value)),
        }
    }
}

/// The one spelling of a setting that has several.
pub fn canonical(key: &str) -> &str {
    match key {
        "pre_hook" => "pre-hook",
        "post_hook" => "post-hook",
        other => other,
    }
}

fn append(into: &mut Map<String, Json>, key: &str, value: Json) {
    let mut list = match into.remove(key) {
        Some(Json::Array(items)) => items,
        Some(Json::Null) | None => Vec::new(),
        Some(one) => vec![one],
    };
    let more = match value {
        Json::Array(items) => items,
        Json::Null => Vec::new(),
        one => vec![one],
    };
    list.extend(more);
    into.insert(key.to_owned(), Json::Array(list));
}

fn merge_map(into: &mut Map<String, Json>, key: &str, value: Json) {
    match (into.get_mut(key), value) {
        (Some(Json::Object(old)), Json::Object(new)) => old.extend(new),
        (_, value) => drop(into.insert(key.to_owned(), value)),
    }
}

/// `+select: [a]` adds to what outer levels grant, `select: [a]` replaces it.
fn merge_grants(into: &mut Map<String, Json>, value: Json) {
    let Json::Object(new) = value else { return };
    let slot = into.entry("grants").or_insert_with(|| Json::Object(Map::new()));
    let Json::Object(old) = slot else { return };
    for (key, grantees) in new {
        let list = match grantees {
            Json::Array(_) => grantees,
            one => Json::Array(vec![one]),
        };
        match key.strip_prefix('+') {
            Some(name) => append(old, name, list),
            None => drop(old.insert(key, list)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Json) -> Map<String, Json> {
        match value {
            Json::Object(map) => map,
            _ => Map::new(),
        }
    }

    #[test]
    fn levels_follow_the_fqn_and_tell_settings_from_folders() {
        let tree =
            object(json!({"+enabled": true, "shop": {"materialized": "view", "staging": {"+materialized": "table"}}}));
        let fqn: Vec<String> = ["shop", "staging", "stg_users"].map(String::from).to_vec();
        let found = levels(&tree, &fqn);
        let expected = [json!({"enabled": true}), json!({"materialized": "view"}), json!({"materialized": "table"})];
        assert_eq!(found, expected.map(object));
    }

    #[test]
    fn tags_and_hooks_add_up_and_meta_merges() {
        let mut config = object(json!({"tags": ["a"], "meta": {"x": 1}, "pre-hook": "one", "schema": "s"}));
        merge(&mut config, object(json!({"tags": "b", "meta": {"y": 2}, "pre_hook": ["two"], "schema": "t"})));
        assert_eq!(
            Json::Object(config),
            json!({"meta": {"x": 1, "y": 2}, "schema": "t", "tags": ["a", "b"], "pre-hook": ["one", "two"]})
        );
    }

    #[test]
    fn unused_paths_are_found() {
        let tree = object(json!({"shop": {"stagging": {"+enabled": true}, "marts": {"+enabled": true}}}));
        let fqn: Vec<String> = ["shop", "marts", "orders"].map(String::from).to_vec();
        let fqns = [fqn];
        let found = unused_paths(&tree, fqns.iter().map(Vec::as_slice));
        assert_eq!(found, vec![vec!["shop".to_owned(), "stagging".to_owned()]]);
    }
}
