//! The settings of the merge strategy.

mod clauses;

use serde_json::Value as Json;

use karat_sql::dialect::{Action, Clause, Dialect, Key, Matching, Merge};

use super::incremental::WriteRows;
use super::settings::{text_list, text_map};
use crate::diagnostic::Diagnostic;
use crate::node::Node;

use self::clauses::Clauses;

const CODE: &str = "bad-merge-config";

/// What a model says about its merge.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct MergeSettings {
    using: Vec<String>,
    returning: Vec<String>,
    matched: Vec<ClauseSetting>,
    not_matched: Vec<ClauseSetting>,
}

#[derive(Debug, Clone, PartialEq)]
struct ClauseSetting {
    by: Option<String>,
    conditions: Vec<String>,
    action: ActionSetting,
}

/// An action whose columns may not be known yet.
#[derive(Debug, Clone, PartialEq)]
enum ActionSetting {
    /// Known already.
    Fixed(Action),
    /// These columns (else all but those), apart from the ones that have an expression.
    Update { include: Vec<String>, exclude: Vec<String>, expressions: Vec<(String, String)> },
    /// All columns.
    Insert,
}

/// Reads them; settings that contradict each other are an error.
pub(super) fn settings(node: &Node) -> Result<MergeSettings, Diagnostic> {
    let list = |key| text_list(node, key, CODE, false);
    let include = list("merge_update_columns")?;
    let exclude = list("merge_exclude_columns")?;
    let expressions = text_map(node, "merge_update_set_expressions", CODE)?;
    let update_if = condition(node, "merge_update_condition")?;
    let insert_if = condition(node, "merge_insert_condition")?;
    let lists = [&include, &exclude, &update_if, &insert_if];
    let simple = !expressions.is_empty() || lists.iter().any(|list| !list.is_empty());
    let Clauses { is_set, matched, not_matched } = clauses::read(node)?;
    if simple && is_set {
        return Err(wrong(node, "`merge_clauses` is set together with other settings of the update or insert")
            .hint("say all of it in `merge_clauses`"));
    }
    let default_update = || {
        let action = update(node, include, exclude, expressions)?;
        Ok(vec![ClauseSetting { by: None, conditions: update_if, action }])
    };
    let default_insert = || vec![ClauseSetting { by: None, conditions: insert_if, action: ActionSetting::Insert }];
    Ok(MergeSettings {
        using: list("merge_on_using_columns")?,
        returning: list("merge_returning_columns")?,
        matched: matched.map_or_else(default_update, Ok)?,
        not_matched: not_matched.unwrap_or_else(default_insert),
    })
}

impl MergeSettings {
    /// Whether rows are paired by something other than the unique key.
    pub fn has_own_matching(&self) -> bool {
        !self.using.is_empty()
    }

    /// The statement that merges `columns`.
    pub fn statement(&self, dialect: &dyn Dialect, write: &WriteRows, columns: &[String]) -> String {
        let matching = match write.key() {
            _ if !self.using.is_empty() => Matching::Using(self.using.clone()),
            Some(Key::One(key)) => Matching::On(vec![key.clone()]),
            Some(Key::Many(keys)) => Matching::On(keys.clone()),
            None => Matching::Never,
        };
        let clause = |matched: bool, setting: &ClauseSetting| Clause {
            matched,
            by: setting.by.clone(),
            conditions: setting.conditions.clone(),
            action: setting.action.resolve(dialect, columns),
        };
        let matched = self.matched.iter().map(|setting| clause(true, setting));
        let clauses: Vec<Clause> =
            matched.chain(self.not_matched.iter().map(|setting| clause(false, setting))).collect();
        dialect.merge(&Merge {
            target: &write.target,
            source: &write.source,
            matching: &matching,
            predicates: write.predicates(),
            clauses: &clauses,
            returning: &self.returning,
        })
    }
}

impl ActionSetting {
    fn resolve(&self, dialect: &dyn Dialect, columns: &[String]) -> Action {
        match self {
            Self::Fixed(action) => action.clone(),
            Self::Insert => {
                let quoted: Vec<String> = columns.iter().map(|column| dialect.quote(column)).collect();
                let values = quoted.iter().map(|column| format!("DBT_INTERNAL_SOURCE.{column}")).collect();
                Action::Insert(quoted, values)
            }
            Self::Update { include, exclude, expressions } => {
                let kept = |column: &&String| !exclude.iter().any(|other| dialect.same_name(other, column));
                let all = || columns.iter().filter(kept).map(|column| dialect.quote(column)).collect();
                let names = if include.is_empty() { all() } else { include.clone() };
                let own =
                    |name: &String| expressions.iter().any(|(column, _)| *column == name.replace(['"', '\''], ""));
                let from_source = |name: String| (name.clone(), format!("DBT_INTERNAL_SOURCE.{name}"));
                let others = names.into_iter().filter(|name| !own(name)).map(from_source);
                Action::Update(expressions.iter().cloned().chain(others).collect())
            }
        }
    }
}

fn update(
    node: &Node,
    include: Vec<String>,
    exclude: Vec<String>,
    expressions: Vec<(String, String)>,
) -> Result<ActionSetting, Diagnostic> {
    if !include.is_empty() && !exclude.is_empty() {
        return Err(wrong(node, "a merge names both the columns to update and the columns not to").hint("keep one"));
    }
    Ok(ActionSetting::Update { include, exclude, expressions })
}

fn condition(node: &Node, key: &str) -> Result<Vec<String>, Diagnostic> {
    match node.config.get(key) {
        None => Ok(Vec::new()),
        Some(Json::String(text)) => Ok(vec![text.clone()]),
        Some(other) => Err(wrong(node, &format!("`{key}` is {other}")).hint("write a condition as one text")),
    }
}

fn wrong(node: &Node, what: &str) -> Diagnostic {
    Diagnostic::error(CODE, format!("{}: {what}", node.label()))
}
