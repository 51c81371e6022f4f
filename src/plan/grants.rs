//! Who may read what is built: `grants`.

use std::collections::BTreeSet;

use karat_adapters::{Cell, Table};
use karat_sql::dialect::Dialect;
use karat_sql::names::Name;
use serde_json::Value as Json;

use crate::node::Node;

/// Gives the rights that a node's settings ask for, and takes those they do not from a relation that was there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyGrants {
    pub(super) relation: Name,
    /// Pairs of a right and who has it.
    wanted: BTreeSet<(String, String)>,
}

impl ApplyGrants {
    /// The rights that a node's settings ask for; `None` where they say nothing of them.
    pub(super) fn of(node: &Node, relation: &Name) -> Option<Self> {
        let rights = node.config.get("grants")?.as_object().filter(|rights| !rights.is_empty())?;
        let pairs = rights.iter().flat_map(|(right, grantees)| {
            let one = |grantee: &Json| Some((right.to_lowercase(), grantee.as_str()?.to_owned()));
            match grantees {
                Json::Array(grantees) => grantees.iter().filter_map(one).collect::<Vec<_>>(),
                grantee => one(grantee).into_iter().collect(),
            }
        });
        Some(Self { relation: relation.clone(), wanted: pairs.collect() })
    }

    pub(super) fn describe(&self, dialect: &dyn Dialect) -> String {
        let wanted: Vec<String> = self.wanted.iter().map(|(right, grantee)| format!("{right} to {grantee}")).collect();
        format!("-- grant on {}: {}", dialect.relation(&self.relation), wanted.join(", "))
    }

    /// The statements that lead from the rights there are to those wanted.
    pub(super) fn statements(&self, dialect: &dyn Dialect, rights: &Table, revokes: bool) -> Vec<String> {
        let text = |cell: Option<&Cell>| cell.and_then(Cell::as_str).map(str::to_owned);
        let there: BTreeSet<(String, String)> =
            rights.rows.iter().filter_map(|row| Some((text(row.get(1))?, text(row.first())?))).collect();
        let gone = there.difference(&self.wanted).filter(|_| revokes);
        let gone = gone.map(|(right, grantee)| dialect.revoke(right, &self.relation, &dialect.quote(grantee)));
        let new = self.wanted.difference(&there);
        gone.chain(new.map(|(right, grantee)| dialect.grant(right, &self.relation, grantee))).collect()
    }
}
