//! `unit_tests:` of a properties file.

use dbt_yaml::Value;
use serde_json::{Map, Value as Json};

use super::{Reader, lift};
use crate::config::yaml::{self, Fields, span_of};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source::Span;
use crate::unit_test::{Format, Overrides};

const KEYS: [&str; 9] =
    ["name", "model", "description", "given", "expect", "overrides", "versions", "config", "enabled"];
const INPUT_KEYS: [&str; 4] = ["input", "rows", "format", "fixture"];
const OUTPUT_KEYS: [&str; 3] = ["rows", "format", "fixture"];

/// One unit test as declared.
#[derive(Debug, Clone)]
pub struct UnitTestDecl {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// The model that it tests, with or without a version.
    pub model: String,
    /// Where that stands.
    pub model_span: Span,
    /// Description, not rendered.
    pub description: String,
    /// Where the description stands.
    pub description_span: Option<Span>,
    /// What the model reads.
    pub given: Vec<GivenDecl>,
    /// What it has to give.
    pub expect: FixtureDecl,
    /// What is other than in a run.
    pub overrides: Option<Overrides>,
    /// Which versions it is for, as written.
    pub versions: Option<Json>,
    /// Its settings.
    pub config: Map<String, Json>,
}

/// One input as declared.
#[derive(Debug, Clone)]
pub struct GivenDecl {
    /// The expression.
    pub input: String,
    /// Where it stands.
    pub span: Span,
    /// Its rows.
    pub fixture: FixtureDecl,
}

/// Rows as declared.
#[derive(Debug, Clone)]
pub struct FixtureDecl {
    /// How they are written.
    pub format: Format,
    /// The rows, if they stand here.
    pub rows: Option<Json>,
    /// The name of a file, if they are there.
    pub file: Option<String>,
    /// Where they, or the name of the file, stand.
    pub span: Span,
    /// The columns of rows that are mappings, and where each is first named.
    pub columns: Vec<(String, Span)>,
}

impl Reader {
    pub(super) fn unit_test(&mut self, value: &Value) -> Option<UnitTestDecl> {
        let mut f = self.fields(value, "this unit test")?;
        let (name, model) = (f.required("name", value), f.required("model", value));
        let mut config = f.object("config");
        lift(&f, "enabled", &mut config);
        let span = f.value_span("name").unwrap_or_else(|| span_of(self.id, value));
        if f.get("expect").is_none() {
            f.required("expect", value);
        }
        let expect = f.get("expect").and_then(|value| self.output(value));
        let given = f.list("given").iter().filter_map(|value| self.input(value)).collect();
        let overrides = f.get("overrides").and_then(|value| self.overrides(value));
        let found = UnitTestDecl {
            name: name.clone().unwrap_or_default(),
            span,
            model: model.clone().unwrap_or_default(),
            model_span: f.value_span("model").unwrap_or(span),
            description: f.text("description").unwrap_or_default(),
            description_span: f.value_span("description"),
            given,
            expect: expect.clone().unwrap_or_else(|| FixtureDecl::empty(span)),
            overrides,
            versions: Some(Json::Object(f.object("versions"))).filter(|v| v.as_object().is_some_and(|m| !m.is_empty())),
            config,
        };
        self.diagnostics.extend(f.finish(&KEYS));
        (name.is_some() && model.is_some() && expect.is_some()).then_some(found)
    }

    fn input(&mut self, value: &Value) -> Option<GivenDecl> {
        let mut f = self.fields(value, "this input of a unit test")?;
        let input = f.required("input", value);
        let span = f.value_span("input").unwrap_or_else(|| span_of(self.id, value));
        let fixture = self.fixture(&mut f, span);
        self.diagnostics.extend(f.finish(&INPUT_KEYS));
        Some(GivenDecl { input: input?, span, fixture: fixture? })
    }

    fn output(&mut self, value: &Value) -> Option<FixtureDecl> {
        let mut f = self.fields(value, "the output of this unit test")?;
        let span = span_of(self.id, value);
        let fixture = self.fixture(&mut f, span);
        self.diagnostics.extend(f.finish(&OUTPUT_KEYS));
        fixture
    }

    fn fixture(&mut self, f: &mut Fields<'_>, at: Span) -> Option<FixtureDecl> {
        let format = self.format(f)?;
        let rows = f.get("rows");
        let span = f.value_span("fixture").or_else(|| f.value_span("rows")).unwrap_or(at);
        let mut columns: Vec<(String, Span)> = Vec::new();
        for (key, _) in rows.and_then(Value::as_sequence).into_iter().flatten().filter_map(Value::as_mapping).flatten()
        {
            let name = yaml::key_text(key);
            if !columns.iter().any(|(known, _)| *known == name) {
                columns.push((name, yaml::key_span(self.id, key)));
            }
        }
        Some(FixtureDecl { format, rows: rows.map(yaml::to_json), file: f.text("fixture"), span, columns })
    }

    fn format(&mut self, f: &mut Fields<'_>) -> Option<Format> {
        let Some(text) = f.text("format") else { return Some(Format::Dict) };
        let found = Format::ALL.into_iter().find(|format| format.as_str() == text);
        if found.is_none() {
            let names = Format::ALL.map(Format::as_str);
            let span = f.value_span("format");
            self.diagnostics.push(
                Diagnostic::error("bad-unit-test", format!("there is no format `{text}` of rows"))
                    .at(span, "")
                    .hint(did_you_mean(&text, names).unwrap_or_else(|| format!("it is one of {}", names.join(", ")))),
            );
        }
        found
    }

    fn overrides(&mut self, value: &Value) -> Option<Overrides> {
        let mut f = self.fields(value, "the overrides of this unit test")?;
        let found = Overrides { macros: f.object("macros"), vars: f.object("vars"), env_vars: f.object("env_vars") };
        self.diagnostics.extend(f.finish(&["macros", "vars", "env_vars"]));
        Some(found)
    }
}

impl FixtureDecl {
    fn empty(span: Span) -> Self {
        Self { format: Format::Dict, rows: None, file: None, span, columns: Vec::new() }
    }
}
