//! From errors of templates to diagnostics that point into them.

use karat_jinja::{ErrorKind, JinjaError, Location};

use crate::diagnostic::{Call, CallPlace, Diagnostic, did_you_mean};
use crate::jinja::error::ContextError;
use crate::jinja::macros::{MacroInfo, Macros};
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
    let mut diagnostic = match error.payload::<ContextError>() {
        Some(ContextError::Problem(diagnostic)) => (**diagnostic).clone(),
        Some(other) => Diagnostic::error("needs-connection", other.to_string()),
        None => plain(error, macros),
    };
    let places = error.location().into_iter().chain(error.frames().iter().map(|f| &f.place));
    if let Some(location) = places.clone().find(|l| !is_builtin(l, macros)).or(error.location()) {
        diagnostic = diagnostic.at(place(location, template, macros), "");
    }
    let frames = error.frames().iter().filter(|frame| !is_builtin(&frame.place, macros));
    diagnostic.calls.extend(frames.map(|frame| Call {
        name: short(&frame.callee).to_owned(),
        place: match (&frame.place.file, template) {
            (Some(file), _) => Some(CallPlace::File(file.to_string(), frame.place.line)),
            (None, Some(whole)) => Some(CallPlace::Template(whole, frame.place.line)),
            (None, None) => None,
        },
    }));
    // A call that was refused is no call on the way.
    if diagnostic.code == "wrong-arguments" && diagnostic.calls.first().is_some_and(|c| is_about(&diagnostic, &c.name))
    {
        diagnostic.calls.remove(0);
    }
    diagnostic
}

/// Whether a place is in a macro that comes with karat: nothing there is the person's fault.
fn is_builtin(location: &Location, macros: &Macros) -> bool {
    location.file.is_some() && macros.by_id(&location.template).is_some_and(|m| macros.is_builtin(m))
}

fn is_about(diagnostic: &Diagnostic, name: &str) -> bool {
    diagnostic.message.contains(&format!("`{name}`"))
}

/// `macro.shop.cents` → `cents`.
fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

fn plain(error: &JinjaError, macros: &Macros) -> Diagnostic {
    let message = error.message().to_owned();
    let hint = error.hint().map(str::to_owned);
    match error.kind() {
        ErrorKind::Syntax => syntax(error.message()).maybe_hint(hint),
        ErrorKind::UndefinedName => {
            let name = message.split('\'').nth(1).unwrap_or_default().to_owned();
            let near = did_you_mean(&name, macros.names().chain(CONTEXT_NAMES));
            let shown = if name.is_empty() { message } else { format!("`{name}` is not defined") };
            Diagnostic::error("undefined-name", shown)
                .hint("check the spelling; if it is a macro of a package, the package is not there")
                .maybe_hint(near)
        }
        ErrorKind::UndefinedAttribute => Diagnostic::error("undefined-attribute", message).maybe_hint(hint),
        ErrorKind::Arguments => arguments(&message, macros).maybe_hint(hint),
        ErrorKind::Limit => Diagnostic::error("runaway-template", message)
            .hint("look for a macro that calls itself, or a loop over far too much")
            .maybe_hint(hint),
        // Python's `KeyError` says nothing but the key.
        _ if message.starts_with('\'') && message.ends_with('\'') && message.matches('\'').count() == 2 => {
            Diagnostic::error("template-error", format!("there is no key {message}"))
        }
        _ => Diagnostic::error("template-error", message).maybe_hint(hint),
    }
}

/// The diagnostic for a call that gives a macro or function other arguments than it takes.
fn arguments(message: &str, macros: &Macros) -> Diagnostic {
    let called = message.split('\'').nth(1).and_then(|name| name.strip_prefix("dbt_macro__"));
    let Some(name) = called else { return Diagnostic::error("wrong-arguments", message) };
    let message = message.replace(&format!("'dbt_macro__{name}'"), &format!("`{name}`")).replace("(s)", "s");
    let diagnostic = Diagnostic::error("wrong-arguments", message);
    match macros.all().iter().find(|m| &*m.name == name) {
        Some(info) => diagnostic.hint(format!("it is `{}`", signature(info))),
        None => diagnostic,
    }
}

/// `cents(column, digits=2)`.
fn signature(info: &MacroInfo) -> String {
    let parameters = info.parameters.iter().map(|p| match &p.default {
        Some(default) => format!("{}={}", p.name, default.trim()),
        None => p.name.clone(),
    });
    format!("{}({})", info.name, parameters.collect::<Vec<_>>().join(", "))
}

/// Tags, for "did you mean".
const TAGS: [&str; 18] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "endset",
    "do",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "filter",
    "endfilter",
    "raw",
    "endraw",
    "test",
];

/// The diagnostic for a template that does not parse, from the parser's words.
pub fn syntax(message: &str) -> Diagnostic {
    let quoted = |index: usize| message.split('\'').nth(index).unwrap_or_default();
    let error = |message: &str| Diagnostic::error("jinja-syntax", sentence(message));
    if message.starts_with("unexpected char") {
        return match message.contains("\\''") || message.contains("'\"'") {
            true => error("a text that starts here is not closed").hint("close it with the same quote, on any line"),
            false => error(message.split(" at ").next().unwrap_or(message)),
        };
    }
    if message.starts_with("Encountered unknown tag") {
        let tag = quoted(1);
        if let Some(open) = message.split("needs to be closed is '").nth(1).and_then(|rest| rest.split('\'').next()) {
            return error(&format!("`{tag}` does not fit here: `{{% {open} %}}` is still open"))
                .hint(format!("write `{{% end{open} %}}` first"));
        }
        if let Some(opener) = tag.strip_prefix("end").filter(|o| TAGS.contains(o)) {
            return error(&format!("`{{% {tag} %}}` closes nothing"))
                .hint(format!("there is no `{{% {opener} … %}}` before it that is still open"));
        }
        return error(&format!("there is no tag `{tag}`")).maybe_hint(did_you_mean(tag, TAGS));
    }
    for (start, what) in [("No filter named ", "filter"), ("No test named ", "test")] {
        if message.starts_with(start) {
            return error(&format!("there is no {what} `{}`", quoted(1)));
        }
    }
    if message.starts_with("Unexpected end of template") {
        let open = message.split("needs to be closed is '").nth(1).and_then(|rest| rest.split('\'').next());
        let open = open.unwrap_or("block");
        return error(&format!("the template ends while `{{% {open} %}}` is open"))
            .hint(format!("add `{{% end{open} %}}`"));
    }
    if let Some(block) = message.strip_prefix("Reached EOF without finding a close tag for ") {
        let kind = block.split(' ').next().unwrap_or_default();
        return error(&format!("this {kind} is not closed")).hint(format!("add `{{% end{kind} %}}`"));
    }
    error(&message.replace("statement block", "tag").replace("print statement", "expression")).maybe_hint(hint(message))
}

/// The words as all messages are written: no capital at the start, no full stop at the end.
fn sentence(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    chars.next().map(|first| first.to_ascii_lowercase().to_string() + chars.as_str()).unwrap_or_default()
}

/// What to do about a part that the parser did not expect.
fn hint(message: &str) -> Option<String> {
    let hint = if message.starts_with("expected token 'end of statement block', got 'if'") {
        "write `{% elif … %}` for a further condition"
    } else if message.contains("unexpected 'end of print statement'") {
        "something is missing before `}}`"
    } else if message.contains("unexpected 'end of statement block'") {
        "something is missing before `%}`"
    } else if message.contains("expected token 'end of statement block'")
        || message.contains("'end of statement block'.")
    {
        "close the tag with `%}`"
    } else if message.contains("expected token 'end of print statement'")
        || message.contains("expected 'end of print statement'")
    {
        "close the expression with `}}`"
    } else if message.contains("end of comment tag") {
        "close the comment with `#}`"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

/// Where a location is in the files: a macro's span counts in its file, a template's own from its first byte.
fn place(location: &Location, template: Option<Span>, macros: &Macros) -> Option<Span> {
    if location.file.is_some() {
        let info = macros.by_id(&location.template)?;
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
