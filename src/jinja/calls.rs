//! Which macros a macro calls, told from its text: the branches that a render would not take count too.

use crate::jinja::macros::{MacroInfo, Macros};

/// The unique ids of the macros that this text, of a file of `package`, calls; each once, in order.
pub fn calls(macros: &Macros, package: &str, kind: &str, text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for call in code(text).flat_map(named_calls) {
        let info = match call {
            Call::Plain(name) => macros.find(package, name),
            Call::Package(package, name) => macros.in_package(package, name),
            Call::Dispatch(name, space) => dispatched(macros, package, kind, name, space),
        };
        if let Some(info) = info.filter(|info| !found.contains(&info.unique_id)) {
            found.push(info.unique_id.clone());
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
    space: Option<&str>,
) -> Option<&'a MacroInfo> {
    let find = |prefix: &str| {
        let wanted = format!("{prefix}__{name}");
        space.and_then(|space| macros.in_package(space, &wanted)).or_else(|| macros.find(package, &wanted))
    };
    find(kind).or_else(|| find("default"))
}

/// What stands between `{{` and `}}`, `{%` and `%}`.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find("{{").into_iter().chain(rest.find("{%")).min()?;
        let end = if rest[start..].starts_with("{{") { "}}" } else { "%}" };
        let inner = &rest[start + 2..];
        let length = inner.find(end).unwrap_or(inner.len());
        rest = &inner[length..];
        Some(&inner[..length])
    })
}

enum Call<'a> {
    Plain(&'a str),
    Package(&'a str, &'a str),
    Dispatch(&'a str, Option<&'a str>),
}

/// Every `name(`, `package.name(` and `adapter.dispatch('name', …)(` of an expression.
fn named_calls(code: &str) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices('(') {
        let before = code[..at].trim_end();
        let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let path = &before
            [before.rfind(|c| !is_path(c)).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8))..];
        let is_head = before[..before.len() - path.len()].trim_end().ends_with("macro");
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
        let of = |text: &str| calls(&macros, "shop", "here", text);
        assert_eq!(of("{{ a() }} {% if x %}{{ shop.a () }}{% endif %}"), ["macro.shop.a"]);
        assert_eq!(of("{%- macro a(x) %}{{ here__b() }}{% endmacro %}"), ["macro.shop.here__b"]);
        assert_eq!(of("{{ return(adapter.dispatch('b', 'shop')(x)) }}"), ["macro.shop.here__b"]);
        assert_eq!(of("select a() from b {{ 'é'~a(1) }}"), ["macro.shop.a"]);
        assert!(of("select a() {{ other.a() }} {{ a }}").is_empty());
    }
}
