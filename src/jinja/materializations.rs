//! Which macro materializes a node.

use karat_jinja::BlockKind;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::builtin::BUILTIN_PACKAGE;
use crate::jinja::macros::{MacroInfo, Macros};
use crate::node::Node;

/// The prefix of their names as macros.
const PREFIX: &str = "materialization_";

impl Macros {
    /// The macro that materializes `name` on this engine: one for the engine before a default one; of those the
    /// project's before a package's before karat's. Where karat has one, only the project may replace it, unless
    /// `packages_replace`.
    pub fn materialization(&self, name: &str, engine: &str, packages_replace: bool) -> Option<&MacroInfo> {
        let own = [engine, "default"];
        let named = own.map(|adapter| format!("{PREFIX}{name}_{adapter}"));
        let is_builtin = named.iter().any(|n| self.in_package(BUILTIN_PACKAGE, n).is_some());
        named.iter().find_map(|n| {
            self.in_root(n)
                .or_else(|| self.in_packages(n).filter(|_| packages_replace || !is_builtin))
                .or_else(|| self.in_package(BUILTIN_PACKAGE, n))
        })
    }

    /// The names of all materializations, each with the engine that it is for.
    fn materializations(&self) -> impl Iterator<Item = (&str, &str)> {
        let blocks = self.all().iter().filter(|m| m.kind == BlockKind::Materialization);
        blocks.filter_map(|m| m.name.strip_prefix(PREFIX)?.rsplit_once('_'))
    }

    /// The error for a materialization that there is not.
    pub fn unknown_materialization(&self, node: &Node, engine: &str) -> Diagnostic {
        let name = node.materialized();
        if name == "materialized_view" {
            let message =
                format!("{}: `materialized_view` can't be made, {engine} has no materialized views", node.label());
            return Diagnostic::error("unsupported-materialization", message)
                .hint("use `table`, which is as of the last run, or `view`, which is always up to date");
        }
        let others: Vec<&str> = self.materializations().filter(|(n, _)| *n == name).map(|(_, e)| e).collect();
        if !others.is_empty() {
            let message = format!("{}: the materialization `{name}` is not for {engine}", node.label());
            return Diagnostic::error("unknown-materialization", message)
                .note(format!("it is for {}", others.join(", ")))
                .hint(format!("write one for this engine: `{{% materialization {name}, adapter='{engine}' %}}`"));
        }
        let here = self.materializations().filter(|(_, e)| *e == engine || *e == "default").map(|(n, _)| n);
        let mut names: Vec<&str> = here.filter(|n| !OF_OTHER_KINDS.contains(n)).chain(["ephemeral"]).collect();
        names.sort_unstable();
        names.dedup();
        let all = format!("materializations are {}", names.join(", "));
        Diagnostic::error(
            "unknown-materialization",
            format!("{} has the unknown materialization `{name}`", node.label()),
        )
        .hint(did_you_mean(name, names.iter().copied()).unwrap_or(all))
    }
}

/// What models can't choose.
const OF_OTHER_KINDS: [&str; 4] = ["clone", "seed", "snapshot", "test"];
