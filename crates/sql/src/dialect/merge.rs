//! `merge into`.

use super::Dialect;
use crate::names::Name;

/// What pairs a row of the source with a row of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matching {
    /// Nothing: every row of the source is new.
    Never,
    /// These columns are equal. They are SQL as the person wrote it.
    On(Vec<String>),
    /// These columns are equal, and have one value in what follows.
    Using(Vec<String>),
}

/// What to do with a pair, or with a row that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Set columns to expressions; both are SQL.
    Update(Vec<(String, String)>),
    /// Set the first column to the source's first, and so on.
    UpdateByPosition,
    /// Set all columns.
    UpdateAll,
    /// Add a row with these columns set to these expressions; both are SQL.
    Insert(Vec<String>, Vec<String>),
    /// Add a row: the first column is the source's first, and so on.
    InsertByPosition,
    /// Add a row with all columns.
    InsertAll,
    /// Delete the row.
    Delete,
    /// Leave it.
    Nothing,
    /// Fail with this text.
    Fail(Option<String>),
}

/// One `when [not] matched`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Whether it is about pairs.
    pub matched: bool,
    /// Which side has the row, for rows without a pair: `source` or `target`.
    pub by: Option<String>,
    /// Conditions that must all hold.
    pub conditions: Vec<String>,
    /// What to do.
    pub action: Action,
}

/// A `merge into`. Expressions name the two sides `DBT_INTERNAL_DEST` and `DBT_INTERNAL_SOURCE`.
#[derive(Debug, Clone, Copy)]
pub struct Merge<'a> {
    /// The table to change.
    pub target: &'a Name,
    /// Where the rows come from.
    pub source: &'a Name,
    /// What pairs their rows.
    pub matching: &'a Matching,
    /// Further conditions on pairs.
    pub predicates: &'a [String],
    /// What to do, in order.
    pub clauses: &'a [Clause],
    /// Expressions to return.
    pub returning: &'a [String],
}

pub(super) fn write<D: Dialect + ?Sized>(dialect: &D, merge: &Merge<'_>) -> String {
    let (target, source) = (dialect.relation(merge.target), dialect.relation(merge.source));
    let mut out = format!("merge into {target} as DBT_INTERNAL_DEST\nusing {source} as DBT_INTERNAL_SOURCE\n");
    out += &join(merge.matching, merge.predicates);
    for clause in merge.clauses {
        out += &format!("\n{}", head(clause));
        out += &format!("\nthen {}", action(dialect, &clause.action));
    }
    if !merge.returning.is_empty() {
        out += &format!("\nreturning {}", merge.returning.join(", "));
    }
    out
}

fn join(matching: &Matching, predicates: &[String]) -> String {
    let equal = |column: &String| format!("DBT_INTERNAL_SOURCE.{column} = DBT_INTERNAL_DEST.{column}");
    let mut conditions: Vec<String> = match matching {
        Matching::Using(columns) if predicates.is_empty() => return format!("using ({})", columns.join(", ")),
        Matching::Using(columns) | Matching::On(columns) => columns.iter().map(equal).collect(),
        Matching::Never => vec!["false".to_owned()],
    };
    conditions.extend(predicates.iter().cloned());
    format!("on {}", all(&conditions))
}

fn head(clause: &Clause) -> String {
    let mut out = if clause.matched { "when matched".to_owned() } else { "when not matched".to_owned() };
    if let Some(by) = &clause.by {
        out += &format!(" by {by}");
    }
    if !clause.conditions.is_empty() {
        out += &format!(" and {}", all(&clause.conditions));
    }
    out
}

fn all(conditions: &[String]) -> String {
    format!("({})", conditions.join(") and ("))
}

fn action<D: Dialect + ?Sized>(dialect: &D, action: &Action) -> String {
    match action {
        Action::Update(assignments) => {
            let set = |(column, value): &(String, String)| format!("\n  {column} = {value}");
            format!("update set{}", assignments.iter().map(set).collect::<Vec<_>>().join(","))
        }
        Action::UpdateByPosition => "update by position".to_owned(),
        Action::UpdateAll => "update set *".to_owned(),
        Action::Insert(columns, values) => {
            format!("insert\n  ({})\n  values ({})", columns.join(", "), values.join(", "))
        }
        Action::InsertByPosition => "insert by position".to_owned(),
        Action::InsertAll => "insert *".to_owned(),
        Action::Delete => "delete".to_owned(),
        Action::Nothing => "do nothing".to_owned(),
        Action::Fail(None) => "error".to_owned(),
        Action::Fail(Some(text)) => format!("error {}", dialect.literal(text)),
    }
}
