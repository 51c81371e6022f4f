//! `karat run-operation`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use karat_jinja::from_json;
use minijinja::Value;
use serde_json::{Map, Value as Json, json};

use crate::cli::global::GlobalArgs;
use crate::cli::tasks::write_report;
use crate::cli::{Exit, manifest, project, recorded};
use crate::config::yaml;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::execute::connect_error;
use crate::jinja::macros::MacroInfo;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Scope};
use crate::jinja::transaction::Transaction;
use crate::plan::roll_back;
use crate::report::{NodeResult, RunReport, Status};
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
    manifest::write(session, None, &[], reporter);
    let mut sources = session.sources.clone();
    let given = arguments(&args.args, &mut sources).and_then(|given| Ok((find(session, &args.name)?, given)));
    let done = given.and_then(|(info, given)| {
        let clock = Instant::now();
        let started = Timestamp::now();
        let done = call(session, info, &given);
        let mut result = outcome(info, &done, started);
        result.execution_seconds = clock.elapsed().as_secs_f64();
        write_report(session, &report(global, session, args, &given, result), reporter);
        done
    });
    match done {
        Ok(()) => 0,
        Err(diagnostic) => {
            let exit = if diagnostic.code == "bad-args" { 2 } else { 1 };
            project::tell(reporter, &[*diagnostic], &sources);
            exit
        }
    }
}

/// What `run_results.json` says: `retry` calls the macro again if it failed.
fn report(
    global: &GlobalArgs,
    session: &Session,
    args: &Args,
    given: &Map<String, Json>,
    result: NodeResult,
) -> RunReport {
    RunReport {
        elapsed: result.execution_seconds,
        results: vec![result],
        started_at: session.shared.started_at,
        generated_at: Timestamp::now(),
        invocation_id: session.shared.invocation_id.clone(),
        args: recorded::of_operation(global, session, &args.name, given),
        command: "run-operation".to_owned(),
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

/// How it went, for `run_results.json`.
fn outcome(info: &MacroInfo, result: &Result<(), Box<Diagnostic>>, started: Timestamp) -> NodeResult {
    let status = if result.is_ok() { Status::Success } else { Status::Error };
    let mut done = NodeResult::new(&info.unique_id, status);
    done.message = result.as_ref().err().map(|problem| problem.message.clone());
    done.failures = Some(i64::from(result.is_err()));
    (done.compile_started, done.compile_completed) = (Some(started), Some(started));
    (done.execute_started, done.execute_completed) = (Some(started), Some(Timestamp::now()));
    done
}

/// Calls the macro. A transaction that it opens and leaves open is undone.
fn call(session: &Session, info: &MacroInfo, args: &Map<String, Json>) -> Result<(), Box<Diagnostic>> {
    let shared = &session.shared;
    let adapter = warehouse::adapter(&shared.target, &shared.settings.root)?;
    let connection = adapter.connect().map_err(|e| Box::new(connect_error(&e)))?;
    let connection = Arc::new(Mutex::new(connection));
    let mut scope = Scope::execute(shared.clone(), info.package.clone(), Owner::None, Some(connection.clone()));
    let transaction = Arc::new(Transaction::default());
    scope.transaction = Some(transaction.clone());
    scope.extra.insert("model".to_owned(), from_json(model(session, info)));
    let kwargs: Vec<(&str, Value)> = args.iter().map(|(k, v)| (k.as_str(), from_json(v.clone()))).collect();
    let context = Value::from_dyn_object(Arc::new(scope));
    let result = shared.macros.engine().call_macro(&info.unique_id, context, &[], &kwargs);
    if transaction.is_open() {
        roll_back(connection.lock().unwrap_or_else(PoisonError::into_inner).as_mut(), shared.dialect);
    }
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
