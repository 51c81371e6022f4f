//! From errors of templates to diagnostics that point into them.

use karat_jinja::{ErrorKind, JinjaError, Location};

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::jinja::error::ContextError;
use crate::jinja::macros::Macros;
use crate::source::Span;

/// Names of the context that are no macros, for "did you mean".
const CONTEXT_NAMES: [&str; 40] = [
    "ref",
    "source",
    "config",
    "var",
    "env_var",
    "doc",
    "this",
    "model",
    "execute",
    "target",
    "flags",
    "invocation_id",
    "run_started_at",
    "graph",
    "adapter",
    "api",
    "exceptions",
    "log",
    "print",
    "is_incremental",
    "load_relation",
    "load_result",
    "store_result",
    "run_query",
    "statement",
    "return",
    "modules",
    "tojson",
    "fromjson",
    "toyaml",
    "fromyaml",
    "set",
    "zip",
    "local_md5",
    "range",
    "namespace",
    "dict",
    "schema",
    "database",
    "project_name",
];

/// Whether the template failed only because it asks the warehouse and there is none.
pub fn needs_connection(error: &JinjaError) -> bool {
    matches!(error.payload::<ContextError>(), Some(ContextError::NeedsConnection))
}

/// The diagnostic for an error of the template that stands at `template` (its whole text).
pub fn diagnose(error: &JinjaError, template: Option<Span>, macros: &Macros) -> Diagnostic {
    let base = match error.payload::<ContextError>() {
        Some(ContextError::Problem(diagnostic)) => (**diagnostic).clone(),
        Some(other) => Diagnostic::error("needs-connection", other.to_string()),
        None => plain(error, macros),
    };
    let mut diagnostic = base;
    if let Some(location) = error.location() {
        diagnostic = diagnostic.at(place(location, template, macros), "");
    }
    for frame in error.frames() {
        let file = frame.file.as_deref().map_or_else(String::new, |f| format!(" at {f}:{}", frame.line));
        let at = if file.is_empty() { format!(" at line {} of the template", frame.line) } else { file };
        diagnostic = diagnostic.note(format!("in macro `{}`, called{at}", short(&frame.callee)));
    }
    diagnostic
}

/// `macro.shop.cents` → `cents`.
fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

fn plain(error: &JinjaError, macros: &Macros) -> Diagnostic {
    let message = error.message().to_owned();
    let hint = error.hint().map(str::to_owned);
    match error.kind() {
        ErrorKind::Syntax => Diagnostic::error("jinja-syntax", message).maybe_hint(hint),
        ErrorKind::UndefinedName => {
            let name = message.split('\'').nth(1).unwrap_or_default().to_owned();
            let near = did_you_mean(&name, macros.names().chain(CONTEXT_NAMES));
            let shown = if name.is_empty() { message } else { format!("`{name}` is not defined") };
            Diagnostic::error("undefined-name", shown)
                .hint("define a macro of this name, or install the package that has it")
                .maybe_hint(near)
        }
        ErrorKind::UndefinedAttribute => Diagnostic::error("undefined-attribute", message).maybe_hint(hint),
        ErrorKind::Arguments => Diagnostic::error("wrong-arguments", message).maybe_hint(hint),
        ErrorKind::Limit => Diagnostic::error("runaway-template", message)
            .hint("look for a macro that calls itself, or a loop over far too much")
            .maybe_hint(hint),
        _ => Diagnostic::error("template-error", message).maybe_hint(hint),
    }
}

/// Where a location is in the files: a macro's span counts in its file, a template's own from its first byte.
fn place(location: &Location, template: Option<Span>, macros: &Macros) -> Option<Span> {
    if location.file.is_some() {
        let info = macros.all().iter().find(|m| *m.unique_id == *location.template)?;
        return Some(Span::new(info.span.source, location.span.start, location.span.end));
    }
    let whole = template?;
    let start = whole.start as usize;
    Some(Span::new(whole.source, start + location.span.start, start + location.span.end))
}

/// The error for a name that nothing defines and that a template prints: Jinja would print nothing.
pub fn undefined_print(name: &str, at: Option<Span>, macros: &Macros) -> Diagnostic {
    Diagnostic::error("undefined-name", format!("`{name}` is not defined, so nothing would stand here"))
        .at(at, "")
        .hint(format!(
            "set it with {{% set {name} = … %}}, or write `{{{{ {name} | default('') }}}}` if it may be missing"
        ))
        .maybe_hint(did_you_mean(name, macros.names().chain(CONTEXT_NAMES)))
}
