//! `merge_clauses`.

use serde_json::{Map, Value as Json};

use karat_sql::dialect::Action;

use super::{ActionSetting, ClauseSetting, update, wrong};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::Node;
use crate::plan::settings::texts;

/// What they say; a list that is not there is `None`.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub is_set: bool,
    pub matched: Option<Vec<ClauseSetting>>,
    pub not_matched: Option<Vec<ClauseSetting>>,
}

type Fields = Map<String, Json>;

/// Reads them.
pub(super) fn read(node: &Node) -> Result<Clauses, Diagnostic> {
    const LISTS: [&str; 2] = ["when_matched", "when_not_matched"];
    let Some(value) = node.config.get("merge_clauses") else { return Ok(Clauses::default()) };
    let fields = value.as_object().ok_or_else(|| wrong(node, &format!("`merge_clauses` is {value}")))?;
    if !LISTS.iter().any(|key| fields.contains_key(*key)) {
        return Err(wrong(node, "`merge_clauses` has neither `when_matched` nor `when_not_matched`"));
    }
    let [matched, not_matched] = LISTS.map(|key| list(node, fields, key));
    Ok(Clauses { is_set: true, matched: matched?, not_matched: not_matched? })
}

fn list(node: &Node, fields: &Fields, key: &str) -> Result<Option<Vec<ClauseSetting>>, Diagnostic> {
    let Some(value) = fields.get(key) else { return Ok(None) };
    let wrong = || wrong(node, &format!("`merge_clauses.{key}` is {value}")).hint("write a list of clauses");
    let entries = value.as_array().filter(|entries| !entries.is_empty()).ok_or_else(wrong)?;
    let read = |entry: &Json| clause(node, entry.as_object().ok_or_else(wrong)?, key == "when_matched");
    entries.iter().map(read).collect::<Result<Vec<_>, _>>().map(Some)
}

fn clause(node: &Node, fields: &Fields, matched: bool) -> Result<ClauseSetting, Diagnostic> {
    let by = match text(node, fields, "by")?.map(|by| by.to_lowercase()) {
        Some(by) if matched || !["source", "target"].contains(&by.as_str()) => {
            return Err(wrong(node, &format!("a merge clause has `by: {by}`"))
                .hint("clauses of `when_not_matched` may say `by: source` or `by: target`"));
        }
        by => by,
    };
    let conditions = match fields.get("condition") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::String(one)) => vec![one.clone()],
        Some(list) => texts(list).ok_or_else(|| wrong(node, &format!("a merge clause has the condition {list}")))?,
    };
    Ok(ClauseSetting { by, conditions, action: action(node, fields, matched)? })
}

fn action(node: &Node, fields: &Fields, matched: bool) -> Result<ActionSetting, Diagnostic> {
    let known: &[&str] = if matched {
        &["update", "delete", "do_nothing", "error"]
    } else {
        &["insert", "update", "delete", "do_nothing", "error"]
    };
    let name = text(node, fields, "action")?.unwrap_or_default();
    match name.as_str() {
        "update" if matched => update_action(node, fields),
        "update" => Ok(ActionSetting::Fixed(Action::Update(pairs(node, fields)?))),
        "insert" if !matched => insert_action(node, fields),
        "delete" => Ok(ActionSetting::Fixed(Action::Delete)),
        "do_nothing" => Ok(ActionSetting::Fixed(Action::Nothing)),
        "error" => Ok(ActionSetting::Fixed(Action::Fail(text(node, fields, "error_message")?))),
        other => Err(unknown(node, "action", other, known)),
    }
}

fn update_action(node: &Node, fields: &Fields) -> Result<ActionSetting, Diagnostic> {
    let mode = text(node, fields, "mode")?.unwrap_or_default();
    match mode.as_str() {
        "by_name" => update(node, Vec::new(), Vec::new(), Vec::new()),
        "by_position" => Ok(ActionSetting::Fixed(Action::UpdateByPosition)),
        "star" => Ok(ActionSetting::Fixed(Action::UpdateAll)),
        "explicit" => {
            let empty = Fields::new();
            let inner = fields.get("update").and_then(Json::as_object).unwrap_or(&empty);
            update(node, strings(node, inner, "include")?, strings(node, inner, "exclude")?, pairs(node, inner)?)
        }
        other => Err(unknown(node, "mode", other, &["by_name", "by_position", "star", "explicit"])),
    }
}

fn insert_action(node: &Node, fields: &Fields) -> Result<ActionSetting, Diagnostic> {
    let mode = text(node, fields, "mode")?.unwrap_or_default();
    match mode.as_str() {
        "by_name" => Ok(ActionSetting::Insert),
        "by_position" => Ok(ActionSetting::Fixed(Action::InsertByPosition)),
        "star" => Ok(ActionSetting::Fixed(Action::InsertAll)),
        "explicit" => {
            let empty = Fields::new();
            let inner = fields.get("insert").and_then(Json::as_object).unwrap_or(&empty);
            let (columns, values) = (strings(node, inner, "columns")?, strings(node, inner, "values")?);
            if columns.is_empty() || columns.len() != values.len() {
                let what = format!("a merge clause inserts {} values into {} columns", values.len(), columns.len());
                return Err(wrong(node, &what));
            }
            Ok(ActionSetting::Fixed(Action::Insert(columns, values)))
        }
        other => Err(unknown(node, "mode", other, &["by_name", "by_position", "star", "explicit"])),
    }
}

fn unknown(node: &Node, key: &str, found: &str, known: &[&str]) -> Diagnostic {
    let what = if found.is_empty() {
        format!("a merge clause has no `{key}`")
    } else {
        format!("a merge clause has the {key} `{found}`")
    };
    let all = format!("it is one of {}", known.join(", "));
    wrong(node, &what).hint(did_you_mean(found, known.iter().copied()).unwrap_or(all))
}

fn text(node: &Node, fields: &Fields, key: &str) -> Result<Option<String>, Diagnostic> {
    match fields.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(wrong(node, &format!("a merge clause has `{key}: {other}`")).hint("write a text")),
    }
}

fn strings(node: &Node, fields: &Fields, key: &str) -> Result<Vec<String>, Diagnostic> {
    let Some(value) = fields.get(key) else { return Ok(Vec::new()) };
    texts(value)
        .ok_or_else(|| wrong(node, &format!("a merge clause has `{key}: {value}`")).hint("write a list of texts"))
}

fn pairs(node: &Node, fields: &Fields) -> Result<Vec<(String, String)>, Diagnostic> {
    const KEY: &str = "set_expressions";
    let Some(value) = fields.get(KEY) else { return Ok(Vec::new()) };
    let pair = |(name, text): (&String, &Json)| text.as_str().map(|text| (name.clone(), text.to_owned()));
    value.as_object().and_then(|fields| fields.iter().map(pair).collect()).ok_or_else(|| {
        wrong(node, &format!("a merge clause has `{KEY}: {value}`")).hint("write a mapping of column names to texts")
    })
}
