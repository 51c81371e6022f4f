//! Views that hold their rows until they are refreshed.

use karat_adapters::RelationKind;
use karat_sql::dialect::Dialect;
use karat_sql::names::Kind;

use super::indexes::{self, OnChange, SyncIndexes};
use super::replace::{Replace, With};
use super::{Job, Plan, Purpose, Step, settings};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::node::Node;

pub(super) fn plan(job: &Job<'_>, dialect: &dyn Dialect) -> Result<Plan, Diagnostic> {
    let wanted = settings::indexes(job.node)?;
    let on_change = on_change(job.node)?;
    let target = job.name();
    let mut plan = Plan::open(job, RelationKind::MaterializedView, dialect);
    let create = job.headed(dialect.create_materialized_view_as(&target, job.sql));
    match job.kind() {
        Some(Kind::MaterializedView) if !settings::full_refresh(job.node, job.full_refresh) => {
            plan.send(Purpose::Build, dialect.refresh(&target));
            let sync = SyncIndexes { relation: target, wanted, on_change, node: job.node.label() };
            plan.steps.push(Step::Indexes(Box::new(sync)));
            return Ok(plan.close(job, dialect));
        }
        Some(old) => {
            let with = With::View { query: job.sql.to_owned(), create };
            plan.steps.push(Step::Replace(Box::new(Replace { target: target.clone(), old, with })));
        }
        None => plan.send(Purpose::Build, create),
    }
    for sql in indexes::create(&target, &wanted, dialect) {
        plan.send(Purpose::Index, sql);
    }
    Ok(plan.close(job, dialect))
}

fn on_change(node: &Node) -> Result<OnChange, Diagnostic> {
    const NAMES: [(&str, OnChange); 3] =
        [("apply", OnChange::Apply), ("continue", OnChange::Continue), ("fail", OnChange::Fail)];
    let Some(value) = node.config.get("on_configuration_change") else { return Ok(OnChange::Apply) };
    let name = value.as_str().unwrap_or_default();
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, one)| *one).ok_or_else(|| {
        let names = NAMES.map(|(name, _)| name);
        let message = format!("{}: `on_configuration_change` is {value}", node.label());
        Diagnostic::error("bad-on-configuration-change", message)
            .hint(did_you_mean(name, names).unwrap_or_else(|| format!("it is one of {}", names.join(", "))))
    })
}
