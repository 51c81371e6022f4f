//! What every template of an invocation sees: the project, the target, the macros, the graph, the catalog.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use jiff::Timestamp;
use karat_adapters::{Connection, RelationInfo, RelationKind, RelationName, SchemaName};
use karat_sql::dialect::Dialect;
use minijinja::Value;
use serde_json::{Map, Value as Json};

use crate::config::profile::Target;
use crate::config::project::ProjectSettings;
use crate::graph::Graph;
use crate::inputs::Inputs;
use crate::jinja::macros::Macros;
use crate::jinja::relation::Relation;
use crate::node::{Node, ResourceType};
use crate::report::{GroupInfo, entry};
use crate::resolve::Resolver;
use crate::warn_errors::WarnErrors;

/// A connection that a template and the steps after it share.
pub type SharedConnection = Arc<Mutex<Box<dyn Connection>>>;

/// Where `log`, `print` and `exceptions.warn` go.
pub trait Talk: Send + Sync {
    /// A line for the person: `log(…)`; `info` is whether it is to be seen without `--log-level debug`.
    fn log(&self, message: &str, info: bool);
    /// A line for the program that reads our output: `print(…)`.
    fn print(&self, message: &str);
    /// A warning of the project's own.
    fn warn(&self, message: &str);
}

/// The facts of one invocation.
pub struct Shared {
    /// The project.
    pub settings: ProjectSettings,
    /// The packages that it uses, by name.
    pub packages: HashMap<String, ProjectSettings>,
    /// The warehouse that was chosen.
    pub target: Target,
    /// How that warehouse writes SQL.
    pub dialect: &'static dyn Dialect,
    /// `--vars`.
    pub cli_vars: Map<String, Json>,
    /// `flags.…`, by upper-case name.
    pub flags: Map<String, Json>,
    /// Unique to this invocation.
    pub invocation_id: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Every macro.
    pub macros: Macros,
    /// `{% docs %}` blocks by package and name.
    pub docs: HashMap<(String, String), Arc<str>>,
    /// Where words go.
    pub talk: Box<dyn Talk>,
    /// The graph, once it is built.
    pub graph: OnceLock<(Arc<Graph>, Resolver)>,
    /// The groups, once they are known.
    pub groups: OnceLock<Vec<GroupInfo>>,
    /// `graph` of templates, once one asked for it.
    pub graph_value: OnceLock<Value>,
    /// What the warehouse holds, once it was asked.
    pub catalog: RwLock<Catalog>,
    /// Unique ids of what was selected.
    pub selected: OnceLock<Vec<String>>,
    /// Which macros are changed by the project, as far as that was asked: package, macro, strategy.
    pub changed: RwLock<HashMap<(String, String, String), bool>>,
    /// Warnings that were raised and are not to be raised again.
    pub warned: Mutex<HashSet<String>>,
    /// Where `--defer` reads what is not there.
    pub deferred: OnceLock<Deferred>,
    /// What the run takes of its inputs.
    pub inputs: Inputs,
    /// Which warnings are errors.
    pub warn_errors: WarnErrors,
}

/// Relations of an earlier run, which stand for those that are not built here.
#[derive(Debug, Default)]
pub struct Deferred {
    /// The relations, by the unique id of their node.
    pub relations: HashMap<String, RelationName>,
    /// Whether `ref` gives them: not where they are only there to be cloned.
    pub is_read: bool,
    /// Whether they are read although the own ones are there, unless the node is selected.
    pub favored: bool,
    /// Unique ids of what the command works on.
    pub selected: HashSet<String>,
    /// Whether the command builds that.
    pub builds: bool,
}

impl Shared {
    /// A variable as a file of a package sees it: `--vars`, then the project's, then the package's own; in each those
    /// for the package before those for all.
    pub fn var(&self, package: &str, name: &str) -> Option<Json> {
        let of = |vars: &Map<String, Json>| {
            let own = vars.get(package).and_then(Json::as_object).and_then(|m| m.get(name));
            own.or_else(|| vars.get(name)).cloned()
        };
        let given = self.cli_vars.get(name).cloned().or_else(|| of(&self.settings.vars));
        given.or_else(|| of(&self.packages.get(package)?.vars))
    }

    /// The settings of the project or of one of its packages.
    pub fn settings_of(&self, package: &str) -> &ProjectSettings {
        self.packages.get(package).unwrap_or(&self.settings)
    }

    /// A relation, its parts quoted as the project's `quoting` says.
    pub fn relation(&self, name: RelationName, kind: Option<RelationKind>) -> Relation {
        let mut relation = Relation::new(name, kind, self.dialect);
        relation.quote_as(&self.settings.quoting);
        relation
    }

    /// The relation of a node, quoted as its own `quoting` and the project's say.
    pub fn relation_of(&self, node: &Node) -> Relation {
        let name = node.target();
        let kind = self.catalog.read().ok().and_then(|c| c.kind(&name));
        let mut relation = self.relation(name, kind);
        if node.resource_type == ResourceType::Function {
            relation = relation.of_function();
        }
        if let Some(Json::Object(own)) = node.config.get("quoting") {
            relation.quote_as(own);
        }
        relation
    }

    /// A node as the manifest has it: `model` of its template, and its entry in `graph`.
    pub fn entry(&self, node: &Node) -> Json {
        let root = &self.settings.root;
        match self.graph.get() {
            Some((graph, _)) => entry(graph, graph.index(&node.unique_id), node, root, self.started_at),
            None => entry(&Graph::default(), None, node, root, self.started_at),
        }
    }

    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        self.flags.get(name).and_then(Json::as_bool).unwrap_or(false)
    }
}

/// What the warehouse holds, of the schemas that were asked for.
#[derive(Debug, Default)]
pub struct Catalog {
    schemas: HashSet<(Option<String>, String)>,
    relations: HashMap<RelationKey, RelationInfo>,
}

/// Database, schema and identifier in lower case: names are found however they are written.
type RelationKey = (Option<String>, String, String);

fn key(name: &RelationName) -> RelationKey {
    let lower = |t: &str| t.to_lowercase();
    (
        name.database.as_deref().map(lower),
        name.schema.as_deref().map(lower).unwrap_or_default(),
        lower(&name.identifier),
    )
}

impl Catalog {
    /// Adds what was found in these schemas.
    pub fn add(&mut self, schemas: &[SchemaName], relations: Vec<RelationInfo>) {
        for schema in schemas {
            self.schemas.insert((schema.database.as_ref().map(|d| d.to_lowercase()), schema.schema.to_lowercase()));
        }
        for relation in relations {
            self.relations.insert(key(&relation.name), relation);
        }
    }

    /// Whether this schema was asked for.
    pub fn knows(&self, name: &RelationName) -> bool {
        let (database, schema, _) = key(name);
        self.schemas.contains(&(database, schema))
    }

    /// The relation of this name.
    pub fn get(&self, name: &RelationName) -> Option<&RelationInfo> {
        self.relations.get(&key(name))
    }

    /// What kind of relation has this name.
    pub fn kind(&self, name: &RelationName) -> Option<RelationKind> {
        self.get(name).map(|r| r.kind)
    }

    /// Notes that a relation is there now, or (`None`) no more.
    pub fn set(&mut self, name: &RelationName, kind: Option<RelationKind>) {
        match kind {
            Some(kind) => drop(self.relations.insert(key(name), RelationInfo { name: name.clone(), kind })),
            None => drop(self.relations.remove(&key(name))),
        }
    }

    /// All relations of a schema.
    pub fn in_schema<'a>(&'a self, schema: &'a str) -> impl Iterator<Item = &'a RelationInfo> + 'a {
        self.relations
            .values()
            .filter(move |r| r.name.schema.as_deref().is_some_and(|s| s.eq_ignore_ascii_case(schema)))
    }
}
