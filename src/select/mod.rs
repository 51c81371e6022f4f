//! Selection: which nodes a command works on, and why each of them.
//!
//! The syntax and the outcome are dbt's: criteria (`+tag:nightly`, `path:models/marts`) are put together by spaces,
//! commas and `--exclude` or by a selector of `selectors.yml`, tests come along with what they test, and in the end
//! only the kinds of node are kept that the command works on.

mod config;
mod evaluate;
mod fqn;
mod glob;
mod methods;
mod set;
mod spec;
mod state;
mod suggest;
mod yaml_selectors;

#[cfg(test)]
mod tests;

use std::str::FromStr;
use std::sync::Arc;

use crate::diagnostic::{Checked, Diagnostic, did_you_mean};
use crate::graph::Graph;
use crate::node::{Node, ResourceType};

pub use spec::{Combine, Criterion, Group, Method, Reach, Spec};
pub use state::{MacroText, PreviousState, StateNode};
pub use yaml_selectors::{Selector, Selectors};

/// What `run` works on.
pub const RUN: &[ResourceType] = &[ResourceType::Model];
/// What `clone` works on.
pub const CLONE: &[ResourceType] = &[ResourceType::Model, ResourceType::Seed, ResourceType::Snapshot];
/// What `test` works on.
pub const TEST: &[ResourceType] = &[ResourceType::Test, ResourceType::UnitTest];
/// What `build` works on.
pub const BUILD: &[ResourceType] = &[
    ResourceType::Model,
    ResourceType::Seed,
    ResourceType::Snapshot,
    ResourceType::Test,
    ResourceType::UnitTest,
    ResourceType::Exposure,
    ResourceType::SavedQuery,
    ResourceType::Function,
];
/// What `compile` works on.
pub const COMPILE: &[ResourceType] = &[
    ResourceType::Model,
    ResourceType::Seed,
    ResourceType::Snapshot,
    ResourceType::Test,
    ResourceType::Analysis,
    ResourceType::Operation,
];
/// What `docs generate` works on.
pub const DOCS: &[ResourceType] = &[
    ResourceType::Model,
    ResourceType::Seed,
    ResourceType::Snapshot,
    ResourceType::Test,
    ResourceType::Analysis,
    ResourceType::Operation,
    ResourceType::Source,
];
/// What `source freshness` works on.
pub const FRESHNESS: &[ResourceType] = &[ResourceType::Source];
/// What `ls` shows; analyses too when asked for by `--resource-type`.
pub const LIST: &[ResourceType] = &[
    ResourceType::Model,
    ResourceType::Seed,
    ResourceType::Snapshot,
    ResourceType::Test,
    ResourceType::UnitTest,
    ResourceType::Source,
    ResourceType::Exposure,
    ResourceType::Metric,
    ResourceType::SemanticModel,
    ResourceType::SavedQuery,
    ResourceType::Function,
];

/// Which tests come along with what they test (`--indirect-selection`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Indirect {
    /// A test comes along if anything that it reads is selected.
    #[default]
    Eager,
    /// A test comes along if all that it reads is selected.
    Cautious,
    /// A test comes along if all that it reads is selected or lies above what is selected.
    Buildable,
    /// No test comes along.
    Empty,
}

impl FromStr for Indirect {
    type Err = Box<Diagnostic>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_lowercase().as_str() {
            "eager" => Ok(Self::Eager),
            "cautious" => Ok(Self::Cautious),
            "buildable" => Ok(Self::Buildable),
            "empty" => Ok(Self::Empty),
            _ => Err(Box::new(
                Diagnostic::error("bad-selector", format!("`{text}` is no mode of indirect selection"))
                    .hint("the modes are eager, cautious, buildable, empty"),
            )),
        }
    }
}

/// What a command asks for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `--select`: everything, where there is none.
    pub select: Vec<String>,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--selector`: the name of a YAML selector, which is then all that counts.
    pub selector: Option<String>,
    /// What the command works on: [`RUN`], [`TEST`], [`BUILD`] ….
    pub works_on: Vec<ResourceType>,
    /// What it works on besides when `--resource-type` names it.
    pub works_on_if_asked: Vec<ResourceType>,
    /// `--resource-type`: all that the command works on, where there is none.
    pub resource_types: Vec<ResourceType>,
    /// `--exclude-resource-type`.
    pub exclude_resource_types: Vec<ResourceType>,
    /// `--indirect-selection`.
    pub indirect: Indirect,
    /// The name of the project at the root: what `package:this` and paths are about.
    pub project: String,
    /// Whether models whose file is blank are kept: only `ls` does.
    pub include_blank: bool,
}

impl Request {
    fn takes(&self, kind: ResourceType) -> bool {
        let asked = if self.resource_types.is_empty() {
            self.works_on.contains(&kind)
        } else {
            let possible = self.works_on.contains(&kind) || self.works_on_if_asked.contains(&kind);
            possible && self.resource_types.contains(&kind)
        };
        asked && !self.exclude_resource_types.contains(&kind)
    }
}

/// What was selected.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// Positions in the graph, what is read before what reads it.
    pub nodes: Vec<usize>,
    /// Why each of [`Selection::nodes`] is there, at the same index.
    pub reasons: Vec<Reason>,
}

impl Selection {
    /// Why a node is selected; `None` where it isn't.
    pub fn reason(&self, index: usize) -> Option<&Reason> {
        let at = self.nodes.iter().position(|n| *n == index)?;
        self.reasons.get(at)
    }
}

/// How a node relates to the criterion that selected it. The earlier ones say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nothing was asked for, so everything is selected.
    Everything,
    /// It matches.
    Matches,
    /// Something that matches reads it (`+x`).
    Above,
    /// It reads something that matches (`x+`).
    Below,
    /// It lies below what matches, or is needed there (`@x`).
    Around,
    /// It tests this node, which is selected.
    Tests(usize),
}

/// Why a node was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The criterion, as written.
    pub criterion: Arc<str>,
    /// How the node relates to it.
    pub why: Why,
}

impl Reason {
    /// The reason in words.
    pub fn text(&self, graph: &Graph) -> String {
        let criterion = &self.criterion;
        match self.why {
            Why::Everything => "everything is selected".to_owned(),
            Why::Matches => format!("matches `{criterion}`"),
            Why::Above => format!("is read, directly or not, by what `{criterion}` matches"),
            Why::Below => format!("reads, directly or not, what `{criterion}` matches"),
            Why::Around => format!("is built together with what `{criterion}` matches"),
            Why::Tests(index) => format!("tests {}, which `{criterion}` selects", graph.node(index).label()),
        }
    }
}

/// Selects: evaluates the request on the graph, then keeps the kinds of node that it takes.
///
/// `state` is what an earlier invocation left, for `state:` and `result:`. Where the request has a mistake nothing is
/// selected.
pub fn select(
    graph: &Graph,
    selectors: &Selectors,
    request: &Request,
    state: Option<&PreviousState>,
) -> Checked<Selection> {
    let mut diagnostics = Vec::new();
    let Some(spec) = requested(selectors, request, &mut diagnostics) else {
        return Checked { value: Selection::default(), diagnostics };
    };
    let evaluated = evaluate::evaluate(graph, request, state, &spec).unpack(&mut diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Checked { value: Selection::default(), diagnostics };
    }
    let order = graph.topological().unwrap_or_else(|| (0..graph.len()).collect());
    let mut selection = Selection::default();
    for index in order {
        let node = graph.node(index);
        if evaluated.nodes.contains(index) && request.takes(node.resource_type) && keeps(request, node) {
            selection.nodes.push(index);
            selection.reasons.push(evaluated.reason(index));
        }
    }
    Checked { value: selection, diagnostics }
}

/// What the request asks for; `None` where it has a mistake.
fn requested(selectors: &Selectors, request: &Request, diagnostics: &mut Vec<Diagnostic>) -> Option<Spec> {
    if let Some(name) = &request.selector {
        let found = selectors.get(name);
        if found.is_none() && !selectors.is_broken(name) {
            diagnostics.push(unknown_selector(name, selectors));
        }
        return found.map(|s| s.spec.clone());
    }
    let nothing_asked = request.select.is_empty() && request.exclude.is_empty();
    if let Some(default) = selectors.default_selector().filter(|_| nothing_asked) {
        return Some(default.spec.clone());
    }
    let mut problems = Vec::new();
    let included = if request.select.is_empty() {
        spec::parse_union(&["fqn:* source:* exposure:*".to_owned()], false, &mut problems)
    } else {
        spec::parse_union(&request.select, true, &mut problems)
    };
    let excluded = spec::parse_union(&request.exclude, true, &mut problems);
    let failed = !problems.is_empty();
    diagnostics.extend(problems);
    (!failed).then(|| Spec::Many(Group::yaml(Combine::Difference, vec![included, excluded])))
}

fn unknown_selector(name: &str, selectors: &Selectors) -> Diagnostic {
    let names: Vec<&str> = selectors.names().collect();
    let hint = match names.is_empty() {
        true => "no selectors are defined: write them in `selectors.yml`".to_owned(),
        false => did_you_mean(name, names.iter().copied())
            .unwrap_or_else(|| format!("the selectors are {}", names.join(", "))),
    };
    Diagnostic::error("bad-selector", format!("there is no selector named `{name}`")).hint(hint)
}

/// A blank file makes a model that nobody can build.
fn keeps(request: &Request, node: &Node) -> bool {
    let written = match node.resource_type {
        ResourceType::Model | ResourceType::Analysis => true,
        ResourceType::Test => node.generic_test().is_none(),
        _ => false,
    };
    request.include_blank || !written || !node.raw_code.trim().is_empty()
}
