//! Sources that are files: what stands for such a table in SQL.

use serde_json::{Map, Value as Json};

use crate::node::Node;

/// The `external_location` of a source, a path or a call such as `read_csv(…)`, with its placeholders filled in. They
/// name the parts of the source and its free data, in the style that `formatter` says.
pub(super) fn location(node: &Node, identifier: &str) -> Option<String> {
    let own = |key: &str| node.config.values.get(key).filter(|v| !v.is_null()).or_else(|| node.meta.get(key));
    let template = own("external_location")?.as_str()?;
    let mut parts = Map::from_iter([
        ("name".to_owned(), Json::from(node.name.as_str())),
        ("identifier".to_owned(), Json::from(identifier)),
        ("schema".to_owned(), Json::from(node.schema.as_str())),
        ("database".to_owned(), Json::from(node.database.as_deref())),
    ]);
    parts.extend(node.meta.clone());
    parts.extend(node.config.values.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())));
    let value = |key: &str| match parts.get(key)? {
        Json::String(text) => Some(text.clone()),
        Json::Null => Some("None".to_owned()),
        other => Some(other.to_string()),
    };
    let filled = match own("formatter").and_then(Json::as_str) {
        Some("oldstyle") => fill(template, &[("%(", ")s")], value),
        Some("template") => fill(template, &[("${", "}"), ("$", "")], value),
        _ => fill(template, &[("{", "}")], value),
    };
    Some(match filled.contains('(') || filled.starts_with('\'') {
        true => filled,
        false => format!("'{filled}'"),
    })
}

/// Puts values in the place of the names between an opening and a closing mark. A name that nothing is known of stays.
fn fill(template: &str, marks: &[(&str, &str)], value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        let found = marks.iter().find_map(|(open, close)| {
            let inner = rest.strip_prefix(open)?;
            let end = inner.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(inner.len());
            let (name, after) = inner.split_at(end);
            Some((value(name)?, after.strip_prefix(close)?))
        });
        match found {
            Some((text, after)) => {
                out.push_str(&text);
                rest = after;
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}
