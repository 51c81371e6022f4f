//! The root context of one render: which names a template sees, and what it said while it rendered.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use karat_jinja::Dict;
use minijinja::Value;
use minijinja::value::Object;
use serde_json::{Map, Value as Json};

use crate::batches::Batch;
use crate::graph::Graph;
use crate::jinja::calls::stand_in;
use crate::jinja::functions;
use crate::jinja::macros::MacroInfo;
use crate::jinja::relation::Relation;
use crate::jinja::shared::{Shared, SharedConnection};
use crate::jinja::transaction::Transaction;
use crate::jinja::unit::UnitScope;
use crate::node::{Node, Ref, ResourceType};

/// Whose template is rendered.
#[derive(Clone)]
pub enum Owner {
    /// Nobody's: YAML, `run-operation`, `--inline`.
    None,
    /// A node that is still being made.
    Draft(Arc<Node>),
    /// A node of the graph.
    Node(Arc<Graph>, usize),
}

impl Owner {
    /// The node.
    pub fn node(&self) -> Option<&Node> {
        match self {
            Self::None => None,
            Self::Draft(node) => Some(node),
            Self::Node(graph, index) => Some(graph.node(*index)),
        }
    }
}

/// What a template said about itself while it rendered.
#[derive(Debug, Default)]
pub struct Said {
    /// `config(…)`, call after call.
    pub config: Vec<Map<String, Json>>,
    /// `ref(…)`.
    pub refs: Vec<Ref>,
    /// `source(…)`.
    pub sources: Vec<(String, String)>,
    /// `metric(…)`.
    pub metrics: Vec<Vec<String>>,
    /// `function(…)`.
    pub functions: Vec<Vec<String>>,
    /// Unique ids of the `{% docs %}` blocks it named, in order.
    pub docs: Vec<String>,
    /// Unique ids of the macros it named.
    pub macros: BTreeSet<String>,
    /// Positions of the ephemeral models it read.
    pub ephemeral: Vec<usize>,
    /// Results kept by `store_result`.
    pub results: HashMap<String, Value>,
    /// Every statement that it sent to the warehouse.
    pub statements: Vec<String>,
    /// Names that it asked for and nothing defines.
    pub unknown: Vec<String>,
}

/// One render.
pub struct Scope {
    /// What all renders share.
    pub shared: Arc<Shared>,
    /// The package whose file it is.
    pub package: Arc<str>,
    /// Whose template it is.
    pub owner: Owner,
    /// Whether `execute` is true: the graph is known.
    pub execute: bool,
    /// Where questions to the warehouse go.
    pub connection: Option<SharedConnection>,
    /// Which batch of a microbatch model it is for.
    pub batch: Option<Batch>,
    /// Names that only this render has.
    pub extra: HashMap<String, Value>,
    /// Names that the template added to `context`.
    pub added: OnceLock<Arc<Dict>>,
    /// The unit test that it is for.
    pub unit: Option<Arc<UnitScope>>,
    /// The transaction of a materialization; anything else sends each statement for itself.
    pub transaction: Option<Arc<Transaction>>,
    said: Mutex<Said>,
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<context of {}>", self.owner.node().map_or("a template", |n| n.unique_id.as_str()))
    }
}

impl Scope {
    /// The first evaluation: nothing is known but the project.
    pub fn parse(shared: Arc<Shared>, package: Arc<str>, owner: Owner) -> Self {
        Self {
            shared,
            package,
            owner,
            execute: false,
            connection: None,
            batch: None,
            extra: HashMap::new(),
            added: OnceLock::new(),
            unit: None,
            transaction: None,
            said: Mutex::default(),
        }
    }

    /// The second evaluation: refs are resolved, the warehouse can be asked if there is a connection.
    pub fn execute(shared: Arc<Shared>, package: Arc<str>, owner: Owner, connection: Option<SharedConnection>) -> Self {
        Self { execute: true, connection, ..Self::parse(shared, package, owner) }
    }

    /// Another render of the same owner, with more names, that goes on where this one stopped.
    pub fn again(other: &Self, extra: HashMap<String, Value>) -> Self {
        Self {
            shared: other.shared.clone(),
            package: other.package.clone(),
            owner: other.owner.clone(),
            execute: other.execute,
            connection: other.connection.clone(),
            batch: other.batch.clone(),
            extra,
            added: other.added.clone(),
            unit: other.unit.clone(),
            transaction: other.transaction.clone(),
            said: Mutex::new(std::mem::take(&mut *other.said())),
        }
    }

    /// Adds where an earlier run built the node: what `clone` copies.
    pub fn give_original(&mut self, relation: Option<Relation>) {
        let value = relation.map_or(Value::from(()), |relation| relation.value());
        self.extra.insert("defer_relation".to_owned(), value);
    }

    /// What the template said so far.
    pub fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The macro that a name means here; it is noted that the template named it.
    pub fn find_macro(&self, name: &str) -> Option<&MacroInfo> {
        let info = self.shared.macros.find(&self.package, name)?;
        self.said().macros.insert(info.unique_id.clone());
        Some(info)
    }

    /// A variable of the project.
    pub fn var(&self, name: &str) -> Option<Json> {
        let own = self.unit.as_ref().and_then(|unit| unit.var(name)).cloned();
        own.or_else(|| self.shared.var(&self.package, name))
    }

    /// The relation of the node whose template this is; hooks have none.
    pub fn this(&self) -> Option<Relation> {
        let node = self.owner.node().filter(|node| node.resource_type != ResourceType::Operation)?;
        if let Some(unit) = &self.unit {
            return unit.this.as_deref().map(|cte| Relation::cte(cte, self.shared.dialect));
        }
        Some(self.shared.relation_of(node))
    }
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        if let Some(value) = self.extra.get(name) {
            return Some(value.clone());
        }
        if let Some(value) = self.added.get().and_then(|added| added.get_str(name)) {
            return Some(value);
        }
        if let Some(value) = self.unit.as_ref().and_then(|unit| unit.global(self, name)) {
            return Some(value);
        }
        if let Some(info) = self.find_macro(name) {
            return Some(self.shared.macros.value(info));
        }
        if let Some(info) = self.beside_test(name) {
            return Some(self.shared.macros.value(info));
        }
        let found = functions::lookup(self, name).or_else(|| self.package_namespace(name));
        if let Some(id) = stand_in(name) {
            self.said().macros.insert(id);
        }
        if found.is_none() {
            self.said().unknown.push(name.to_owned());
        }
        found
    }
}

impl Scope {
    /// While a data test is read, the macros of the package that its macro is of need no package before their names.
    fn beside_test(&self, name: &str) -> Option<&MacroInfo> {
        let Owner::Draft(node) = &self.owner else { return None };
        let package = node.generic_test()?.namespace.as_deref()?;
        let info = self.shared.macros.find(package, name)?;
        self.said().macros.insert(info.unique_id.clone());
        Some(info)
    }

    fn package_namespace(self: &Arc<Self>, name: &str) -> Option<Value> {
        self.shared
            .macros
            .has_package(name)
            .then(|| Value::from_object(PackageNamespace { scope: self.clone(), package: name.into() }))
    }

    /// `model`: the node as data, its SQL too while it is materialized.
    pub fn model(&self) -> Option<Value> {
        let mut model = self.shared.entry(self.owner.node()?);
        if let (Json::Object(map), Some(sql)) = (&mut model, self.extra.get("compiled_code").and_then(Value::as_str)) {
            map.insert("compiled_code".to_owned(), Json::from(sql));
            map.insert("compiled".to_owned(), Json::from(true));
        }
        let Some(batch) = &self.batch else { return Some(karat_jinja::from_json(model)) };
        let entries = model.as_object_mut().map(std::mem::take).unwrap_or_default();
        let entries = entries.into_iter().map(|(key, value)| (key, karat_jinja::from_json(value)));
        Some(karat_jinja::dict(entries.chain([("batch".to_owned(), batch_value(batch))])))
    }
}

/// `model.batch`.
fn batch_value(batch: &Batch) -> Value {
    karat_jinja::dict([
        ("id", Value::from(batch.name.replace('-', ""))),
        ("event_time_start", karat_jinja::utc_datetime(batch.window.start)),
        ("event_time_end", karat_jinja::utc_datetime(batch.window.end)),
    ])
}

/// `dbt_utils.…`: the macros of one package.
struct PackageNamespace {
    scope: Arc<Scope>,
    package: Arc<str>,
}

impl std::fmt::Debug for PackageNamespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<package {}>", self.package)
    }
}

impl Object for PackageNamespace {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        if let Some(value) = self.scope.unit.as_ref().and_then(|unit| unit.of_package(&self.package, name)) {
            return Some(value);
        }
        if let Some(info) = self.scope.shared.macros.in_package(&self.package, name) {
            self.scope.said().macros.insert(info.unique_id.clone());
            return Some(self.scope.shared.macros.value(info));
        }
        (&*self.package == crate::jinja::builtin::BUILTIN_PACKAGE).then(|| functions::lookup(&self.scope, name))?
    }
}
