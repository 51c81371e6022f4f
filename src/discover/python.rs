//! Models in Python: what they read and how they are configured, without running them.
//!
//! As in dbt, calls of `dbt.ref`, `dbt.source`, `dbt.config` and `dbt.config.get` count, with literals as arguments.

use std::sync::Arc;

use minijinja::Value;

use crate::diagnostic::Diagnostic;
use crate::discover::Inputs;
use crate::jinja::report::diagnose;
use crate::jinja::scope::{Owner, Said, Scope};
use crate::node::Node;
use crate::source::Span;

/// A call of one of dbt's functions: its name, its arguments as written, where it begins.
#[derive(Debug, PartialEq)]
struct Call {
    function: &'static str,
    arguments: String,
    at: usize,
}

const FUNCTIONS: [(&str, &str); 5] = [
    ("dbt.config.get", "get"),
    ("dbt.config.meta_get", "meta_get"),
    ("dbt.config", "config"),
    ("dbt.source", "source"),
    ("dbt.ref", "ref"),
];

/// Learns what a model says about itself.
pub(super) fn evaluate(inputs: &Inputs<'_>, node: &Arc<Node>) -> Result<Said, Box<Diagnostic>> {
    let place = |at: usize, length: usize| {
        node.span.map(|span| Span::new(span.source, span.start as usize + at, span.start as usize + at + length))
    };
    let code: &str = &node.raw_code;
    let defined = code.lines().filter(|line| line.starts_with("def model(")).count();
    if defined != 1 && !code.is_empty() {
        let message = format!("{} has to define one function `model`, and defines {defined}", node.file);
        return Err(Box::new(
            Diagnostic::error("python-model", message).at(place(0, 0), "").hint("write `def model(dbt, session):`"),
        ));
    }
    let scope = Arc::new(Scope::parse(inputs.shared.clone(), inputs.package.clone(), Owner::Draft(node.clone())));
    let engine = inputs.shared.macros.engine();
    let (mut used, mut defaults) = (Vec::new(), Vec::new());
    for call in calls(code) {
        let expression = match call.function {
            "get" => {
                let (key, default) = call.arguments.split_once(',').unwrap_or((&call.arguments, "none"));
                used.push(key.trim().to_owned());
                defaults.push(if default.trim().is_empty() { "none".to_owned() } else { default.trim().to_owned() });
                continue;
            }
            "meta_get" => continue,
            function => format!("{function}({})", call.arguments),
        };
        let evaluated = engine.eval_expression(&expression, Value::from_dyn_object(scope.clone()));
        let unknown = std::mem::take(&mut scope.said().unknown);
        let at = place(call.at, "dbt.".len() + call.function.len());
        if let Some(name) = unknown.first() {
            let message = format!("`dbt.{}` takes literals, and is given `{name}`", call.function);
            let hint = "write the text or the number itself: the file is read, not run, to learn what it depends on";
            return Err(Box::new(Diagnostic::error("python-model", message).at(at, "").hint(hint)));
        }
        evaluated.map_err(|e| Box::new(diagnose(&e, None, &inputs.shared.macros).at(at, "in this call")))?;
    }
    if !used.is_empty() {
        let keys = format!(
            "config(config_keys_used=[{}], config_keys_defaults=[{}], meta_keys_used=[], meta_keys_defaults=[])",
            used.join(", "),
            defaults.join(", ")
        );
        let evaluated = engine.eval_expression(&keys, Value::from_dyn_object(scope.clone()));
        evaluated.map_err(|e| Box::new(diagnose(&e, None, &inputs.shared.macros).at(place(0, 0), "")))?;
    }
    let said = std::mem::take(&mut *scope.said());
    Ok(said)
}

/// The calls of dbt's functions, in order. What stands in texts and comments is none.
fn calls(code: &str) -> Vec<Call> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        if let Some(length) = skipped(&code[at..]) {
            at += length;
            continue;
        }
        let begins = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        let name = FUNCTIONS.iter().find(|(full, _)| begins && code[at..].starts_with(full));
        let open = name.and_then(|(full, function)| {
            let rest = &code[at + full.len()..];
            rest.trim_start_matches([' ', '\t'])
                .starts_with('(')
                .then_some((function, at + full.len() + rest.find('(')? + 1))
        });
        if let Some((function, open)) = open {
            let arguments = inside(&code[open..]);
            found.push(Call { function, arguments, at });
            // Calls may stand within the arguments of others.
            at = open;
            continue;
        }
        at += code[at..].chars().next().map_or(1, char::len_utf8);
    }
    found
}

/// How long the text or comment is that begins here, if one does.
fn skipped(code: &str) -> Option<usize> {
    if code.starts_with('#') {
        return Some(code.find('\n').unwrap_or(code.len()));
    }
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| code.starts_with(quote))?;
    let mut at = quote.len();
    while at < code.len() {
        if code[at..].starts_with(quote) {
            return Some(at + quote.len());
        }
        if quote.len() == 1 && code[at..].starts_with('\n') {
            return Some(at);
        }
        at += if code[at..].starts_with('\\') { 1 } else { 0 };
        at += code.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    }
    Some(code.len())
}

/// What stands before the bracket that closes the one before this, without comments.
fn inside(code: &str) -> String {
    let (mut at, mut depth) = (0, 0);
    let mut text = String::new();
    while at < code.len() {
        if let Some(length) = skipped(&code[at..]) {
            if !code[at..].starts_with('#') {
                text += &code[at..at + length];
            }
            at += length;
            continue;
        }
        let Some(next) = code[at..].chars().next() else { break };
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        text.push(next);
        at += next.len_utf8();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<(&'static str, String)> {
        calls(code).into_iter().map(|call| (call.function, call.arguments)).collect()
    }

    #[test]
    fn calls_are_found_and_texts_and_comments_are_not() {
        let code = "import pandas  # dbt.ref('no')\n\ndef model(dbt, session):\n    '''dbt.ref(\"no\")'''\n    \
                    dbt.config(\n        materialized = \"table\", # why (\n        packages=['a', \"b)\"],\n    )\n    \
                    x = f(dbt.ref('a'), other.dbt.ref('no'), dbt.source('s', 't').df())\n    \
                    return x if dbt.config.get('k') else dbt.ref(\"p\", 'b', v=2)\n";
        assert_eq!(
            found(code),
            [
                ("config", "\n        materialized = \"table\", \n        packages=['a', \"b)\"],\n    ".to_owned()),
                ("ref", "'a'".to_owned()),
                ("source", "'s', 't'".to_owned()),
                ("get", "'k'".to_owned()),
                ("ref", "\"p\", 'b', v=2".to_owned()),
            ]
        );
    }

    #[test]
    fn texts_that_do_not_end_are_harmless() {
        assert_eq!(found("dbt.ref('a"), [("ref", "'a".to_owned())]);
        assert_eq!(found("'''dbt.ref('a')"), []);
        assert_eq!(found("dbt.ref(é, \"\\"), [("ref", "é, \"\\".to_owned())]);
    }
}
