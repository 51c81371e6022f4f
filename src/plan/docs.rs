//! Descriptions become comments in the database: `persist_docs`.

use karat_adapters::{Column, RelationKind};
use karat_sql::dialect::Dialect;
use karat_sql::names::Name;
use serde_json::Value as Json;

use super::kind;
use crate::node::Node;

/// Comments on the columns of a relation.
#[derive(Debug, Clone, PartialEq)]
pub struct CommentColumns {
    pub(super) relation: Name,
    /// Each column's name, whether it is quoted, and its description.
    columns: Vec<(String, bool, String)>,
}

/// Whether a part of a node's descriptions is to be kept in the database: `relation` or `columns`.
fn persists(node: &Node, part: &str) -> bool {
    node.config.get("persist_docs").and_then(|set| set.get(part)) == Some(&Json::Bool(true))
}

/// The statement that comments on a node's relation, if it is asked for and there is something to say.
pub(super) fn relation_comment(
    node: &Node,
    relation: &Name,
    built: RelationKind,
    dialect: &dyn Dialect,
) -> Option<String> {
    let asked = persists(node, "relation") && !node.description.is_empty();
    asked.then(|| dialect.comment_on_relation(relation, kind(built), &node.description))
}

/// The comments on a node's columns, if they are asked for.
pub(super) fn column_comments(node: &Node, relation: &Name) -> Option<CommentColumns> {
    let asked = persists(node, "columns") && !node.columns.is_empty();
    let columns = || node.columns.values().map(|c| (c.name.clone(), c.quote == Some(true), c.description.clone()));
    asked.then(|| CommentColumns { relation: relation.clone(), columns: columns().collect() })
}

impl CommentColumns {
    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        format!("-- comment on {} columns of {}", self.columns.len(), dialect.relation(&self.relation))
    }

    /// The statements, for those columns that the relation has.
    pub(super) fn statements(&self, dialect: &dyn Dialect, known: &[Column]) -> Vec<String> {
        let there = self.columns.iter().filter(|(name, ..)| known.iter().any(|column| column.name == *name));
        let comment = |(name, quoted, text): &(String, bool, String)| {
            let name = if *quoted { dialect.quote(name) } else { name.clone() };
            dialect.comment_on_column(&self.relation, &name, text)
        };
        there.map(comment).collect()
    }
}
