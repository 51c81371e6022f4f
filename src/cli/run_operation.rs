//! `karat run-operation`.

use std::sync::{Arc, Mutex};

use karat_jinja::from_json;
use minijinja::Value;
use serde_json::{Map, Value as Json, json};

use crate::cli::global::GlobalArgs;
use crate::cli::{Exit, manifest, project};
use crate::config::yaml;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::execute::connect_error;
use crate::jinja::macros::MacroInfo;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::session::Session;
use crate::source::SourceMap;
use crate::warehouse;

/// Call a macro
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The macro: a name, or package.name
    #[arg(value_name = "MACRO")]
    name: String,
    /// Its arguments, as YAML: '{key: value}'
    #[arg(long, value_name = "YAML", default_value = "{}")]
    args: String,
}

/// Runs the command.
pub fn run(global: &GlobalArgs, args: &Args) -> Exit {
    let opened = match project::open(global, "run-operation", Map::new()) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let session = &opened.session;
    let reporter = opened.reporter.as_ref();
    manifest::write(session, None, reporter);
    let mut sources = session.sources.clone();
    let result = arguments(&args.args, &mut sources).and_then(|a| call(session, &args.name, &a));
    match result {
        Ok(()) => 0,
        Err(diagnostic) => {
            let exit = if diagnostic.code == "bad-args" { 2 } else { 1 };
            project::tell(reporter, &[*diagnostic], &sources);
            exit
        }
    }
}

fn arguments(text: &str, sources: &mut SourceMap) -> Result<Map<String, Json>, Box<Diagnostic>> {
    let id = sources.add("--args", text);
    let hint = "write --args '{key: value, other: 2}'";
    let bad = |d: Diagnostic| Box::new(Diagnostic { code: "bad-args", ..d }.hint(hint));
    match yaml::parse(id, sources.get(id)).map_err(|d| bad(*d))? {
        None => Ok(Map::new()),
        Some(value) => value.as_mapping().map(yaml::map_to_json).ok_or_else(|| {
            let message = format!("--args must be a mapping, and this is {}", yaml::kind(&value));
            bad(Diagnostic::error("bad-args", message).at(yaml::span_of(id, &value), ""))
        }),
    }
}

fn call(session: &Session, name: &str, args: &Map<String, Json>) -> Result<(), Box<Diagnostic>> {
    let shared = &session.shared;
    let info = find(session, name)?;
    let adapter = warehouse::adapter(&shared.target, &shared.settings.root)?;
    let connection = adapter.connect().map_err(|e| Box::new(connect_error(&e)))?;
    let connection = Arc::new(Mutex::new(connection));
    let mut scope = Scope::execute(shared.clone(), info.package.clone(), Owner::None, Some(connection));
    scope.extra.insert("model".to_owned(), from_json(model(session, info)));
    let kwargs: Vec<(&str, Value)> = args.iter().map(|(k, v)| (k.as_str(), from_json(v.clone()))).collect();
    let context = Value::from_dyn_object(Arc::new(scope));
    let result = shared.macros.engine().call_macro(&info.unique_id, context, &[], &kwargs);
    result.map(drop).map_err(|e| Box::new(diagnose(&e, Some(info.span), &shared.macros)))
}

/// `model` of an operation: the macro.
fn model(session: &Session, info: &MacroInfo) -> Json {
    json!({
        "name": &*info.name, "resource_type": "macro", "package_name": &*info.package, "path": &*info.file,
        "original_file_path": &*info.file, "unique_id": info.unique_id,
        "macro_sql": manifest::macro_text(session, info), "description": "", "meta": {}, "docs": {"show": true},
        "config": {"meta": {}, "docs": {"show": true}}, "arguments": [],
    })
}

fn find<'a>(session: &'a Session, name: &str) -> Result<&'a MacroInfo, Box<Diagnostic>> {
    let shared = &session.shared;
    let found = match name.split_once('.') {
        Some((package, name)) => shared.macros.in_package(package, name),
        None => shared.macros.find(&shared.settings.name, name),
    };
    found.ok_or_else(|| {
        Box::new(
            Diagnostic::error("unknown-macro", format!("there is no macro `{name}`"))
                .hint("macros are defined in files below `macro-paths`")
                .maybe_hint(did_you_mean(name, shared.macros.names())),
        )
    })
}
