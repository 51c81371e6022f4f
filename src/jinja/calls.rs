//! Which macros a macro calls, told from its text: the branches that a render would not take count too.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::jinja::builtin::BUILTIN_PACKAGE;
use crate::jinja::macros::{MacroInfo, Macros};
use crate::jinja::shared::Shared;
use crate::node::Node;

/// The packages that dispatching looks in for a namespace.
type Order<'a> = dyn Fn(&str) -> Vec<String> + 'a;

/// The unique ids of the macros that this text, of a file of `package`, calls; each once, in order.
pub fn calls(shared: &Shared, package: &str, text: &str) -> Vec<String> {
    let order = |space: &str| shared.dispatch_order(space).into_iter().map(str::to_owned).collect();
    find(&shared.macros, package, &shared.target.kind, &order, text)
}

fn find(macros: &Macros, package: &str, kind: &str, order: &Order<'_>, text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for call in code(text).flat_map(named_calls) {
        let info = match call {
            Call::Plain(name) => macros.find(package, name),
            Call::Package(package, name) => macros.in_package(package, name),
            Call::Dispatch(name, space) => {
                add(&mut found, macros.find(package, name).map(|info| info.unique_id.clone()));
                dispatched(macros, package, kind, name, space.map(order))
            }
        };
        let stand_in = match call {
            Call::Plain(name) | Call::Package(BUILTIN_PACKAGE, name) => stand_in(name),
            _ => None,
        };
        add(&mut found, info.map(|info| info.unique_id.clone()).or(stand_in));
    }
    found
}

fn add(found: &mut Vec<String>, id: Option<String>) {
    found.extend(id.filter(|id| !found.contains(id)));
}

/// The unique id of the macro of dbt for which a function stands here.
pub fn stand_in(name: &str) -> Option<String> {
    const STAND_INS: [&str; 5] =
        ["is_incremental", "should_full_refresh", "should_store_failures", "load_relation", "load_cached_relation"];
    STAND_INS.contains(&name).then(|| format!("macro.{BUILTIN_PACKAGE}.{name}"))
}

/// Those of the macros that a node named while it rendered which it calls by itself, rather than through another macro.
pub fn direct<'a>(shared: &Shared, node: &Node, named: impl Iterator<Item = &'a String>) -> Vec<String> {
    let named: HashSet<&String> = named.collect();
    if named.is_empty() {
        return Vec::new();
    }
    let test = node.generic_test();
    let mut found: Vec<String> = test.map(|test| test.macro_id.clone()).into_iter().collect();
    let hooks = ["pre-hook", "post-hook"].iter().flat_map(|key| node.config.hooks(key)).map(|(text, _)| text);
    let arguments = test.into_iter().flat_map(|test| test.kwargs.values()).map(Json::to_string);
    for text in [node.raw_code.to_string()].into_iter().chain(arguments).chain(hooks) {
        for id in calls(shared, &node.package, &text) {
            add(&mut found, Some(id).filter(|id| named.contains(id)));
        }
    }
    found
}

/// The macro that `adapter.dispatch` would pick.
fn dispatched<'a>(
    macros: &'a Macros,
    package: &str,
    kind: &str,
    name: &str,
    spaces: Option<Vec<String>>,
) -> Option<&'a MacroInfo> {
    let of_space = |space: &String| {
        [kind, "default"].iter().find_map(|prefix| macros.in_package(space, &format!("{prefix}__{name}")))
    };
    let anywhere = || [kind, "default"].iter().find_map(|prefix| macros.find(package, &format!("{prefix}__{name}")));
    spaces.and_then(|spaces| spaces.iter().find_map(of_space)).or_else(anywhere)
}

/// What stands between `{{` and `}}`, `{%` and `%}`.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find("{{").into_iter().chain(rest.find("{%")).min()?;
        let end = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        let inner = &rest[start + 2..];
        let length = end_of(inner, end).or_else(|| inner.find(end)).unwrap_or(inner.len());
        rest = &inner[length..];
        Some(&inner[..length])
    })
}

/// Where a tag ends: what stands in quotes does not count.
fn end_of(code: &str, end: &str) -> Option<usize> {
    let mut open = None;
    for (at, byte) in code.bytes().enumerate() {
        match open {
            Some(quote) if quote == byte => open = None,
            None if matches!(byte, b'\'' | b'"') => open = Some(byte),
            None if code.as_bytes()[at..].starts_with(end.as_bytes()) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The same with blanks in place of what stands in quotes.
fn without_texts(code: &str) -> String {
    let mut open = None;
    let mut masked = Vec::with_capacity(code.len());
    for byte in code.bytes() {
        let is_quote = matches!(byte, b'\'' | b'"');
        masked.push(if open.is_some() && open != Some(byte) { b' ' } else { byte });
        match open {
            Some(quote) if quote == byte => open = None,
            None if is_quote => open = Some(byte),
            _ => {}
        }
    }
    String::from_utf8_lossy(&masked).into_owned()
}

enum Call<'a> {
    Plain(&'a str),
    Package(&'a str, &'a str),
    Dispatch(&'a str, Option<&'a str>),
}

/// Every `name(`, `package.name(` and `adapter.dispatch('name', …)(` of an expression.
fn named_calls(code: &str) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    let masked = without_texts(code);
    for (at, _) in masked.match_indices('(') {
        let before = code[..at].trim_end();
        let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let path = &before
            [before.rfind(|c| !is_path(c)).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8))..];
        let head = before[..before.len() - path.len()].trim_end();
        let is_head = head.ends_with("macro") || head.ends_with('|');
        match path.split('.').collect::<Vec<_>>()[..] {
            _ if is_head => {}
            ["adapter", "dispatch"] => {
                let mut texts = quoted(&code[at..]).into_iter();
                found.extend(texts.next().map(|name| Call::Dispatch(name, texts.next())));
            }
            [name] if !name.is_empty() => found.push(Call::Plain(name)),
            [package, name] => found.push(Call::Package(package, name)),
            _ => {}
        }
    }
    found
}

/// The first two texts in quotes of an argument list.
fn quoted(arguments: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = &arguments[..arguments.find(')').unwrap_or(arguments.len())];
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = &rest[start..=start];
        let Some(length) = rest[start + 1..].find(quote) else { break };
        found.push(&rest[start + 1..start + 1 + length]);
        rest = &rest[start + 2 + length..];
    }
    found.truncate(2);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    #[test]
    fn calls_are_told_from_the_text() {
        let mut sources = SourceMap::default();
        let (mut macros, _) = Macros::new("shop", "here", &mut sources);
        let text =
            "{% macro a() %}1{% endmacro %}{% macro here__b() %}{% endmacro %}{% macro default__b() %}{% endmacro %}";
        let id = sources.add("macros/m.sql", text);
        assert!(macros.add_file("shop", "macros/m.sql", id, &sources).is_empty());
        let order = |space: &str| vec![space.to_owned()];
        let of = |text: &str| super::find(&macros, "shop", "here", &order, text);
        assert_eq!(of("{{ a() }} {% if x %}{{ shop.a () }}{% endif %}"), ["macro.shop.a"]);
        assert_eq!(of("{%- macro a(x) %}{{ here__b() }}{% endmacro %}"), ["macro.shop.here__b"]);
        assert_eq!(of("{{ return(adapter.dispatch('b', 'shop')(x)) }}"), ["macro.shop.here__b"]);
        assert_eq!(of("{{ x | a(1) }} {% do b(\"{{ a() }} }}\", a ()) %}"), ["macro.shop.a"]);
        assert_eq!(of("select a() from b {{ 'é'~a(1) }}"), ["macro.shop.a"]);
        assert!(of("select a() {{ other.a() }} {{ a }}").is_empty());
    }
}
