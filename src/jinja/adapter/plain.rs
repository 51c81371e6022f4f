//! What `adapter` answers from what is known already: names, quoting, settings.

use std::sync::{Arc, PoisonError};

use minijinja::{Error, Value};
use serde_json::{Map, Value as Json, json};

use crate::config::project::ProjectSettings;
use crate::diagnostic::Diagnostic;
use crate::jinja::args;
use crate::jinja::error::problem;
use crate::jinja::record::Record;
use crate::jinja::scope::Scope;

/// The method of this name, if it is one of these.
pub(super) fn call(scope: &Arc<Scope>, method: &str, args: &[Value]) -> Option<Result<Value, Error>> {
    let dialect = scope.shared.dialect;
    Some(match method {
        "type" => Ok(Value::from(scope.shared.target.kind.as_str())),
        "quote" => args::first_text(args, "the name").map(|(name, _)| Value::from(dialect.quote(&name))),
        "quote_as_configured" => quote_as_configured(scope, args),
        "quote_seed_column" => quote_seed_column(scope, args),
        "valid_incremental_strategies" => {
            let mut names: Vec<&str> = dialect.strategies().iter().map(|s| s.as_str()).collect();
            if !names.contains(&"microbatch") {
                names.push("microbatch");
            }
            Ok(karat_jinja::list(names.into_iter().map(Value::from).collect()))
        }
        "cache_added" | "cache_dropped" | "cache_renamed" => Ok(Value::from("")),
        "warn_once" => warn_once(scope, args),
        "verify_database" => verify_database(scope, args),
        "standardize_grants_dict" => grants(args),
        "escape_sql_string" => {
            args::first(args, "the text").map(|(text, _)| Value::from(karat_jinja::py_str(text).replace('\'', "''")))
        }
        "convert_datetimes_to_strs" => args::first(args, "the table").map(|(table, _)| table.clone()),
        _ => return None,
    })
}

/// `warn_once(text)`: a warning, the first time that it is raised.
fn warn_once(scope: &Scope, args: &[Value]) -> Result<Value, Error> {
    let (text, _) = args::first_text(args, "the warning")?;
    if scope.shared.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone()) {
        scope.shared.talk.warn(&text);
    }
    Ok(Value::from(()))
}

/// `verify_database(name)`: nothing if it is the one of the connection.
fn verify_database(scope: &Scope, args: &[Value]) -> Result<Value, Error> {
    let (name, _) = args::first_text(args, "the database")?;
    let (name, own) = (name.trim_matches('"'), &scope.shared.target.database);
    if name.to_lowercase() == own.to_lowercase() {
        return Ok(Value::from(""));
    }
    let message = format!("`{name}` can't be reached: the connection is to the database `{own}`");
    Err(problem(Diagnostic::error("other-database", message).hint("a connection of this kind sees one database only")))
}

fn quote_as_configured(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name")?;
    let part = args::option(rest, 0, "quote_key").map(|v| v.to_string()).unwrap_or_default();
    let known = matches!(part.as_str(), "database" | "schema" | "identifier");
    let quoted = known && scope.shared.settings.quoting.get(&part).and_then(Json::as_bool).unwrap_or(true);
    Ok(Value::from(if quoted { scope.shared.dialect.quote(&name) } else { name }))
}

fn quote_seed_column(scope: &Arc<Scope>, args: &[Value]) -> Result<Value, Error> {
    let (name, rest) = args::first_text(args, "the name of the column")?;
    let setting = args::option(rest, 0, "quote_config").filter(|v| !v.is_none());
    let quoted = match setting.as_ref().map(karat_jinja::to_json) {
        None => true,
        Some(Ok(Json::Bool(flag))) => flag,
        Some(_) => {
            let message = "the setting `quote_columns` must be true or false";
            return Err(problem(Diagnostic::error("wrong-type", message)));
        }
    };
    Ok(Value::from(if quoted { scope.shared.dialect.quote(&name) } else { name }))
}

/// `standardize_grants_dict(table)`: who may do what, from rows of `grantee` and `privilege_type`.
fn grants(args: &[Value]) -> Result<Value, Error> {
    let (table, _) = args::first(args, "the table of grants")?;
    let mut found: Vec<(Value, Vec<Value>)> = Vec::new();
    for row in table.try_iter()? {
        let (privilege, grantee) = (row.get_attr("privilege_type")?, row.get_attr("grantee")?);
        match found.iter_mut().find(|(known, _)| *known == privilege) {
            Some((_, grantees)) => grantees.push(grantee),
            None => found.push((privilege, vec![grantee])),
        }
    }
    Ok(karat_jinja::dict(found.into_iter().map(|(privilege, grantees)| (privilege, karat_jinja::list(grantees)))))
}

/// `adapter.config`, `builtins.ref.config`: the project, its packages and the chosen target.
pub fn runtime_config(scope: &Arc<Scope>) -> Value {
    let shared = &scope.shared;
    let (settings, target) = (&shared.settings, &shared.target);
    let mut quoting = json!({"database": true, "schema": true, "identifier": true});
    if let Json::Object(map) = &mut quoting {
        map.extend(settings.quoting.clone());
    }
    let plain = json!({
        "project_name": settings.name,
        "version": settings.version,
        "project_root": settings.root.display().to_string(),
        "profile_name": target.profile,
        "target_name": target.name,
        "threads": target.threads,
        "credentials": target.context(),
        "quoting": quoting,
        "packages_install_path": settings.packages_path,
        "args": shared.flags.iter().map(|(key, value)| (key.to_lowercase(), value.clone())).collect::<Map<_, _>>(),
        "dependencies": shared.packages.iter().map(project).chain([project((&settings.name, settings))]).collect::<Map<_, _>>(),
        "cli_vars": shared.cli_vars,
    });
    let vars = Record::new("VarProvider", settings.vars.clone().into_iter().collect()).value();
    let parts = plain.as_object().cloned().unwrap_or_default().into_iter().map(|(k, v)| (k, karat_jinja::from_json(v)));
    karat_jinja::dict(parts.chain([("vars".to_owned(), vars)]))
}

/// A project or package, with its name.
fn project((name, settings): (&String, &ProjectSettings)) -> (String, Json) {
    let entry = json!({
        "project_name": name, "version": settings.version, "project_root": settings.root.display().to_string(),
        "vars": settings.vars, "packages_install_path": settings.packages_path,
    });
    (name.clone(), entry)
}
