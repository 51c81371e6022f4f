//! The functions and values of dbt's context (`docs.getdbt.com/reference/dbt-jinja-functions`), by name.

use std::sync::Arc;

use karat_jinja::{from_json, to_json};
use minijinja::value::{Kwargs, Object, Rest, ValueOrKwargs, from_args};
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::{Map, Value as Json};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::adapter::{AdapterObject, Api};
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::model::{config_json, node_json};
use crate::jinja::relation::Relation;
use crate::jinja::scope::{Owner, Scope};
use crate::node::{Node, NodeConfig, Ref, ResourceType};

/// The value of a name that is no macro.
pub fn lookup(scope: &Arc<Scope>, name: &str) -> Option<Value> {
    let shared = &scope.shared;
    Some(match name {
        "ref" => function(scope, reference),
        "source" => function(scope, source),
        "config" => Value::from_object(ConfigObject(scope.clone())),
        "var" => Value::from_object(VarObject(scope.clone())),
        "env_var" => function(scope, |_, args| env_var(args, false)),
        "doc" => function(scope, doc),
        "this" => scope.this().map_or(Value::from(()), Relation::value),
        "model" => scope.model().unwrap_or(Value::from(())),
        "execute" => Value::from(scope.execute),
        "target" => from_json(Json::Object(shared.target.context())),
        "flags" => from_json(Json::Object(shared.flags.clone())),
        "invocation_id" => Value::from(shared.invocation_id.as_str()),
        "run_started_at" => karat_jinja::utc_datetime(shared.started_at),
        "invocation_args_dict" => {
            from_json(Json::Object(shared.flags.iter().map(|(k, v)| (k.to_lowercase(), v.clone())).collect()))
        }
        "dbt_version" => Value::from(crate::DBT_VERSION),
        "project_name" => Value::from(shared.settings.name.as_str()),
        "schema" => Value::from(scope.owner.node().map(|n| n.schema.clone())),
        "database" => Value::from(scope.owner.node().and_then(|n| n.database.clone())),
        "graph" => graph(scope),
        "selected_resources" => {
            karat_jinja::list(shared.selected.get().into_iter().flatten().map(|s| Value::from(s.as_str())).collect())
        }
        "adapter" => Value::from_object(AdapterObject(scope.clone())),
        "api" => Value::from_object(Api(scope.clone())),
        "exceptions" => Value::from_object(Exceptions(scope.clone())),
        "log" => function(scope, log),
        "print" => function(scope, print),
        "is_incremental" => function(scope, |s, _| Ok(Value::from(is_incremental(s)))),
        "should_full_refresh" => function(scope, |s, _| Ok(Value::from(should_full_refresh(s)))),
        "should_store_failures" => function(scope, |s, _| Ok(Value::from(should_store_failures(s)))),
        "load_relation" | "load_cached_relation" => function(scope, crate::jinja::adapter::load_relation),
        "store_result" => function(scope, store_result),
        "load_result" => function(scope, load_result),
        "dbt_metadata_envs" => karat_jinja::dict(std::iter::empty::<(Value, Value)>()),
        "builtins" => Value::from_object(Builtins(scope.clone())),
        "pre_hooks" | "post_hooks" => hooks(scope, name),
        _ => return None,
    })
}

/// What a function of the context does: the scope, the arguments (keyword arguments last).
pub type Function = fn(&Arc<Scope>, &[Value]) -> Result<Value, Error>;

/// A function as a value.
pub fn function(scope: &Arc<Scope>, run: Function) -> Value {
    let scope = scope.clone();
    Value::from_function(move |given: Rest<ValueOrKwargs>| run(&scope, &args::all(given)))
}

fn reference(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (names, kwargs): (&[Value], Kwargs) = from_args(args)?;
    let version: Option<Value> = kwargs.get::<Option<Value>>("version")?.or(kwargs.get("v")?);
    let text = |v: &Value| v.as_str().map(str::to_owned);
    let (package, name) = match names {
        [name] => (None, text(name)),
        [package, name] => (text(package), text(name)),
        _ => (None, None),
    };
    let Some(name) = name else {
        return Err(problem(
            Diagnostic::error("bad-ref", "ref takes the name of a node, or of a package and a node, as texts")
                .hint("write `{{ ref('orders') }}`"),
        ));
    };
    let version = version.filter(|v| !v.is_none()).map(|v| v.to_string());
    let wanted = Ref { package, name, version };
    if !scope.execute {
        scope.said().refs.push(wanted);
        let here = scope.this();
        return Ok(here.map_or_else(|| Value::from("ref"), Relation::value));
    }
    let Some((graph, resolver)) = scope.shared.graph.get() else { return Ok(Value::UNDEFINED) };
    match resolver.find_ref(&wanted, &scope.package) {
        Some(index) => {
            scope.said().refs.push(wanted);
            Ok(node_relation(scope, graph.node(index), index))
        }
        None => Err(problem(
            Diagnostic::error("unknown-ref", format!("there is no model, seed or snapshot `{}`", wanted.name))
                .maybe_hint(did_you_mean(&wanted.name, resolver.ref_names())),
        )),
    }
}

fn node_relation(scope: &Arc<Scope>, node: &Node, index: usize) -> Value {
    let name = karat_adapters::RelationName {
        database: node.database.clone(),
        schema: Some(node.schema.clone()),
        identifier: node.alias.clone(),
    };
    if node.is_ephemeral() {
        scope.said().ephemeral.push(index);
        return scope.shared.relation(name, None).rendered(format!("__dbt__cte__{}", node.name)).value();
    }
    let kind = scope.shared.catalog.read().ok().and_then(|c| c.kind(&name));
    scope.shared.relation(name, kind).value()
}

fn source(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (source, table) = match args {
        [s, t] => (s.as_str(), t.as_str()),
        _ => (None, None),
    };
    let (Some(source), Some(table)) = (source, table) else {
        return Err(problem(
            Diagnostic::error("bad-source", "source takes the name of a source and of one of its tables, as texts")
                .hint("write `{{ source('shop', 'orders') }}`"),
        ));
    };
    scope.said().sources.push((source.to_owned(), table.to_owned()));
    if !scope.execute {
        let here = scope.this();
        return Ok(here.map_or_else(|| Value::from("source"), Relation::value));
    }
    let Some((graph, resolver)) = scope.shared.graph.get() else { return Ok(Value::UNDEFINED) };
    match resolver.find_source(source, table) {
        Some(index) => Ok(source_relation(scope, graph.node(index))),
        None => {
            let wanted = format!("{source}.{table}");
            let names: Vec<String> = resolver.source_names().collect();
            Err(problem(
                Diagnostic::error("unknown-source", format!("there is no source table `{wanted}`"))
                    .maybe_hint(did_you_mean(&wanted, names.iter().map(String::as_str))),
            ))
        }
    }
}

fn source_relation(scope: &Arc<Scope>, node: &Node) -> Value {
    let table = node.source_table();
    let name = karat_adapters::RelationName {
        database: node.database.clone(),
        schema: Some(node.schema.clone()),
        identifier: table.map_or_else(|| node.name.clone(), |t| t.identifier.clone()),
    };
    let mut relation = scope.shared.relation(name, None);
    if let Some(table) = table {
        relation.quote_as(&table.quoting);
        if let Some(location) = &table.external_location {
            relation = relation.rendered(location.as_str());
        }
    }
    relation.value()
}

/// `var('name')`, `var('name', default)`, `var.has_var('name')`.
#[derive(Debug)]
struct VarObject(Arc<Scope>);

impl Object for VarObject {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name, rest) = args::first_text(args, "the name of the variable")?;
        if rest.len() > 1 {
            return Err(Error::new(ErrorKind::TooManyArguments, "var takes a name and a default"));
        }
        let default = args::option(rest, 0, "default");
        let scope = &self.0;
        if let Some(value) = scope.shared.var(&scope.package, &name) {
            return Ok(from_json(value));
        }
        if let Some(default) = default {
            return Ok(default);
        }
        if !scope.execute && matches!(scope.owner, Owner::Draft(_)) {
            return Ok(Value::from(()));
        }
        Err(missing_var(scope, &name))
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "has_var" => {
                let (name,): (String,) = from_args(args)?;
                Ok(Value::from(self.0.shared.var(&self.0.package, &name).is_some()))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("var has no method `{method}`"))),
        }
    }
}

fn missing_var(scope: &Scope, name: &str) -> Error {
    let vars = &scope.shared.settings.vars;
    let known: Vec<&str> = vars.keys().chain(scope.shared.cli_vars.keys()).map(String::as_str).collect();
    problem(
        Diagnostic::error("missing-var", format!("the variable `{name}` has no value"))
            .hint(format!("set it under `vars:` in the project file, with --vars '{{{name}: …}}', or give a default: var('{name}', …)"))
            .maybe_hint(did_you_mean(name, known)),
    )
}

/// The prefix of variables whose values must not be seen.
pub const SECRET_PREFIX: &str = "DBT_ENV_SECRET";

/// `env_var('NAME')`, `env_var('NAME', 'default')`; secrets only where `secrets` says so.
///
/// # Errors
/// The variable is not set and there is no default, or it is a secret and this is no place for one.
pub fn env_var(args: &[Value], secrets: bool) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the variable")?;
    let default = args::option(rest, 0, "default");
    if name.starts_with(SECRET_PREFIX) && !secrets {
        return Err(problem(
            Diagnostic::error("secret-env-var", format!("`{name}` is a secret: only profiles.yml may read it"))
                .hint("rename the variable if it is none"),
        ));
    }
    if let Ok(value) = std::env::var(&name) {
        return Ok(Value::from(value));
    }
    default.ok_or_else(|| {
        problem(
            Diagnostic::error("missing-env-var", format!("the environment variable `{name}` is not set"))
                .hint(format!("set it, or give a default: env_var('{name}', '…')")),
        )
    })
}

fn doc(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let names: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
    let docs = &scope.shared.docs;
    let get = |package: &str, name: &str| docs.get(&(package.to_owned(), name.to_owned()));
    let found = match names[..] {
        [name] => get(&scope.package, name).or_else(|| docs.iter().find(|((_, n), _)| n == name).map(|(_, text)| text)),
        [package, name] => get(package, name),
        _ => return Err(Error::new(ErrorKind::MissingArgument, "doc takes the name of a docs block")),
    };
    let name = names.last().copied().unwrap_or_default();
    found.map(|text| Value::from(&**text)).ok_or_else(|| {
        problem(
            Diagnostic::error("unknown-doc", format!("there is no docs block `{name}`"))
                .maybe_hint(did_you_mean(name, docs.keys().map(|(_, n)| n.as_str()))),
        )
    })
}

fn graph(scope: &Arc<Scope>) -> Value {
    let empty = || Json::Object(Map::new());
    let mut nodes = Map::new();
    let mut sources = Map::new();
    let mut exposures = Map::new();
    if let Some((graph, _)) = scope.shared.graph.get() {
        for node in graph.nodes() {
            let map = match node.resource_type {
                ResourceType::Source => &mut sources,
                ResourceType::Exposure => &mut exposures,
                _ => &mut nodes,
            };
            map.insert(node.unique_id.clone(), node_json(node));
        }
    }
    let mut map = Map::new();
    map.insert("nodes".into(), Json::Object(nodes));
    map.insert("sources".into(), Json::Object(sources));
    map.insert("exposures".into(), Json::Object(exposures));
    for key in ["metrics", "groups", "semantic_models", "saved_queries"] {
        map.insert(key.into(), empty());
    }
    from_json(Json::Object(map))
}

/// `config(…)`, `config.get(…)`, `config.require(…)`.
#[derive(Debug)]
struct ConfigObject(Arc<Scope>);

impl ConfigObject {
    fn value(&self, key: &str) -> Option<Value> {
        let node = self.0.owner.node()?;
        let key = match key {
            "pre_hook" => "pre-hook",
            "post_hook" => "post-hook",
            other => other,
        };
        match config_json(node) {
            Json::Object(mut map) => map.remove(key).filter(|v| !v.is_null()).map(from_json),
            _ => None,
        }
    }

    fn set(&self, args: &[Value]) -> Result<Value, Error> {
        let mut level = Map::new();
        for arg in args {
            let arg_json = to_json(arg).map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))?;
            match arg_json {
                Json::Object(map) => level.extend(map),
                _ => {
                    return Err(problem(
                        Diagnostic::error("bad-config", "config takes settings by name")
                            .hint("write `{{ config(materialized='table') }}`"),
                    ));
                }
            }
        }
        self.0.said().config.push(level);
        Ok(Value::from(""))
    }
}

impl Object for ConfigObject {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        if self.0.execute {
            return Ok(Value::from(""));
        }
        self.set(args)
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.value(key.as_str()?)
    }

    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match method {
            "set" => Ok(Value::from("")),
            "get" | "meta_get" => {
                let (key, rest) = args::first_text(args, "the name of the setting")?;
                let default = args::option(rest, 0, "default");
                let found = if method == "get" { self.value(&key) } else { self.meta(&key) };
                Ok(found.or(default).unwrap_or(Value::from(())))
            }
            "require" | "meta_require" => {
                let (key, _) = args::first_text(args, "the name of the setting")?;
                let found = if method == "require" { self.value(&key) } else { self.meta(&key) };
                found.or_else(|| (!self.0.execute).then(|| Value::from(""))).ok_or_else(|| {
                    problem(
                        Diagnostic::error("missing-config", format!("the setting `{key}` is required and not set"))
                            .hint(format!("set it in the model: {{{{ config({key}=…) }}}}")),
                    )
                })
            }
            "persist_relation_docs" | "persist_column_docs" => {
                let part = if method == "persist_relation_docs" { "relation" } else { "columns" };
                let on = self.value("persist_docs").and_then(|v| v.get_attr(part).ok()).is_some_and(|v| v.is_true());
                Ok(Value::from(on))
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("config has no method `{method}`"))),
        }
    }
}

impl ConfigObject {
    fn meta(&self, key: &str) -> Option<Value> {
        let node = self.0.owner.node()?;
        node.config.get("meta").and_then(|m| m.get(key)).cloned().map(from_json)
    }
}

/// `exceptions.raise_compiler_error(…)` and its siblings.
#[derive(Debug)]
struct Exceptions(Arc<Scope>);

impl Object for Exceptions {
    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        let message = args.first().map(karat_jinja::py_str).unwrap_or_default();
        let raised = |message: String| Err(problem(Diagnostic::error("raised-by-template", message)));
        match method {
            "warn" => {
                self.0.shared.talk.warn(&message);
                Ok(Value::from(""))
            }
            "missing_config" => {
                let key = args.get(1).map(karat_jinja::py_str).unwrap_or_default();
                raised(format!("the setting `{key}` is required and not set"))
            }
            "missing_relation" => raised(format!("the relation {message} does not exist")),
            "raise_compiler_error"
            | "raise_parsing_error"
            | "raise_database_error"
            | "raise_fail_fast_error"
            | "raise_not_implemented"
            | "raise_invalid_property_yml_version"
            | "raise_duplicate_macro_name"
            | "raise_contract_error"
            | "column_type_missing"
            | "missing_materialization"
            | "relation_wrong_type"
            | "raise_dep_not_found"
            | "raise_dependency_error"
            | "raise_duplicate_patch_name" => raised(message),
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("exceptions has no method `{method}`"))),
        }
    }
}

fn log(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (message, rest) = args::first(args, "the message")?;
    let info = args::option(rest, 0, "info").is_some_and(|v| v.is_true());
    scope.shared.talk.log(&karat_jinja::py_str(message), info);
    Ok(Value::from(""))
}

fn print(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let text: Vec<String> = args.iter().filter(|v| !v.is_kwargs()).map(karat_jinja::py_str).collect();
    scope.shared.talk.print(&text.join(" "));
    Ok(Value::from(""))
}

/// Whether this render is of an incremental model that is there already and is not to be rebuilt
/// (`docs.getdbt.com/docs/build/incremental-models`).
pub fn is_incremental(scope: &Scope) -> bool {
    let Some(node) = scope.owner.node() else { return false };
    scope.execute
        && node.materialized() == "incremental"
        && !should_full_refresh(scope)
        && scope.this().is_some_and(|r| r.kind == Some(karat_adapters::RelationKind::Table))
}

fn should_full_refresh(scope: &Scope) -> bool {
    let own = scope.owner.node().and_then(|n| n.config.bool("full_refresh"));
    own.unwrap_or_else(|| scope.shared.flag("FULL_REFRESH"))
}

/// Whether the rows of a failing test are kept.
pub fn stores_failures(config: &NodeConfig, flag: bool) -> bool {
    match config.str("store_failures_as") {
        Some(kind) => kind != "ephemeral",
        None => config.bool("store_failures").unwrap_or(flag),
    }
}

fn should_store_failures(scope: &Scope) -> bool {
    scope.owner.node().is_some_and(|n| stores_failures(&n.config, scope.shared.flag("STORE_FAILURES")))
}

fn store_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the result")?;
    let part = |index: usize, key: &str| args::option(rest, index, key).unwrap_or(Value::from(()));
    let table = part(1, "agate_table");
    let data = match table.get_attr("rows") {
        Ok(rows) if !rows.is_undefined() => karat_jinja::list(rows.try_iter()?.collect()),
        _ => karat_jinja::list(Vec::new()),
    };
    let result = karat_jinja::dict([("response", part(0, "response")), ("data", data), ("table", table)]);
    scope.said().results.insert(name, (result, None));
    Ok(Value::from(""))
}

fn load_result(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name,): (String,) = from_args(args)?;
    Ok(scope.said().results.get(&name).map_or(Value::from(()), |(value, _)| value.clone()))
}

fn hooks(scope: &Arc<Scope>, name: &str) -> Value {
    let key = if name == "pre_hooks" { "pre-hook" } else { "post-hook" };
    let node = scope.owner.node().map(config_json);
    node.and_then(|c| c.get(key).cloned()).map_or_else(|| karat_jinja::list(Vec::new()), from_json)
}

/// `builtins.ref`: the function of karat, whatever the project made of the name.
#[derive(Debug)]
struct Builtins(Arc<Scope>);

impl Object for Builtins {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        lookup(&self.0, key.as_str()?)
    }

    fn call_method(self: &Arc<Self>, state: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        match lookup(&self.0, method) {
            Some(value) => value.call(state, args),
            None => Err(Error::new(ErrorKind::UnknownMethod, format!("builtins has no `{method}`"))),
        }
    }
}
