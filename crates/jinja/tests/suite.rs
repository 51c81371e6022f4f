//! Compares every case of `suite/cases` with what dbt makes of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use karat_jinja::{
    BlockKind, Engine, JinjaError, MacroSource, RenderOptions, blocks, builtins, dict, from_json, py_repr,
};
use minijinja::Value;
use serde_json::Value as Json;

type Outcome = (&'static str, String);

/// The folder of the suite; `KARAT_SUITE` names another, such as one that `random_cases.py` wrote.
fn suite() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    std::env::var_os("KARAT_SUITE").map_or_else(own, PathBuf::from)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text<'a>(case: &'a Json, key: &str) -> &'a str {
    case.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn render(case: &Json) -> Result<Outcome, JinjaError> {
    let mut engine = Engine::new();
    let mut context: Vec<(Value, Value)> = builtins().into_iter().map(|(name, value)| (name.into(), value)).collect();
    let macros = text(case, "macros");
    for block in blocks(macros).expect("macros split into blocks") {
        let prefix = if block.kind == BlockKind::Test { "test_" } else { "" };
        let id = format!("{prefix}{}", block.name);
        let source = MacroSource {
            id: &id,
            kind: block.kind,
            source: &macros[block.span.clone()],
            file: Arc::from("macros/suite.sql"),
            offset: block.span.start,
            line: block.line,
            column: block.column,
        };
        // As in dbt, a macro that does not parse fails when it is called.
        if let Ok(name) = engine.add_macro(&source) {
            assert_eq!(*name, *id);
        } else {
            return engine.add_macro(&source).map(|_| ("output", String::new()));
        }
        context.push((id.as_str().into(), engine.macro_value(&id).expect("the macro was just added")));
    }
    if let Some(Json::Object(extra)) = case.get("context") {
        context.extend(extra.iter().map(|(key, value)| (key.as_str().into(), from_json(value.clone()))));
    }
    let (template, context) = (text(case, "template"), dict(context));
    Ok(match text(case, "mode") {
        "native" => ("value", py_repr(&engine.eval_native(template, context)?)),
        "lenient" => {
            let compiled = engine.compile("suite", template)?;
            let options = RenderOptions { lenient_undefined: true };
            ("output", engine.render_compiled(&compiled, context, options)?)
        }
        _ => ("output", engine.render_str(template, context)?),
    })
}

/// Removes what dbt's wrappers add to a message.
fn normalize(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim().to_owned()
}

fn differences(known: &BTreeMap<String, String>) -> (usize, Vec<String>, Vec<String>) {
    let (mut total, mut report, mut failed) = (0, Vec::new(), Vec::new());
    let mut files: Vec<_> =
        std::fs::read_dir(suite().join("cases")).expect("cases").flatten().map(|f| f.path()).collect();
    files.sort();
    for path in files {
        let topic = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let cases: Vec<Json> = dbt_yaml::from_str(&read(&path)).expect("cases are YAML");
        let expected: Json =
            serde_json::from_str(&read(&suite().join(format!("expected/{topic}.json")))).expect("JSON");
        for case in cases {
            total += 1;
            let name = format!("{topic}/{}", text(&case, "name"));
            let wanted = &expected[text(&case, "name")];
            let (kind, actual) = render(&case).unwrap_or_else(|error| ("error", error.message().to_owned()));
            let matches = match wanted.get(kind).and_then(Json::as_str) {
                Some(message) if kind == "error" => normalize(message) == normalize(&actual),
                Some(output) => output == actual,
                None => false,
            };
            if !matches {
                failed.push(name.clone());
                if !known.contains_key(&name) {
                    report.push(format!(
                        "{name}\n  {}\n  wanted {wanted}\n  got    {kind}: {actual:?}",
                        text(&case, "template")
                    ));
                }
            }
        }
    }
    (total, report, failed)
}

#[test]
fn renders_as_dbt_does() {
    let known: BTreeMap<String, String> = read(&suite().join("KNOWN"))
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, reason)| (name.to_owned(), reason.to_owned()))
        .collect();
    let (total, report, failed) = differences(&known);
    assert!(report.is_empty(), "{} of {total} cases differ:\n{}", report.len(), report.join("\n"));
    let fixed: Vec<_> = known.keys().filter(|name| !failed.contains(name)).collect();
    assert!(fixed.is_empty(), "no longer different, remove from KNOWN: {fixed:?}");
    assert!(total >= 450, "only {total} cases");
}
