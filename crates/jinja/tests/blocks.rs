//! Splitting files into blocks.

use karat_jinja::{BlockKind, blocks};

fn names(source: &str) -> Vec<(BlockKind, String)> {
    blocks(source).expect("splits").into_iter().map(|block| (block.kind, block.name)).collect()
}

#[test]
fn every_kind_is_found_with_its_parts() {
    let source = "-- macros\n\
        {% macro a(x, y=1) %}A{% endmacro %}\n\
        {%- test b(model) -%}B{%- endtest -%}\n\
        {% data_test c(model) %}C{% enddata_test %}\n\
        {% materialization d, adapter='duckdb' %}D{% endmaterialization %}\n\
        {% snapshot e %}E{{ x }}{% endsnapshot %}\n\
        {% docs f %}F {{ not jinja {% enddocs %}\n";
    let found = blocks(source).expect("splits");
    let kinds: Vec<BlockKind> = found.iter().map(|block| block.kind).collect();
    use BlockKind::{DataTest, Docs, Macro, Materialization, Snapshot, Test};
    assert_eq!(kinds, [Macro, Test, DataTest, Materialization, Snapshot, Docs]);
    let bodies: Vec<&str> = found.iter().map(|block| &source[block.body.clone()]).collect();
    assert_eq!(bodies, ["A", "B", "C", "D", "E{{ x }}", "F {{ not jinja "]);
    let args: Vec<&str> = found.iter().map(|block| source[block.args.clone()].trim()).collect();
    assert_eq!(args, ["(x, y=1)", "(model)", "(model)", ", adapter='duckdb'", "", ""]);
    let lines: Vec<usize> = found.iter().map(|block| block.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
    assert_eq!(&source[found[0].span.clone()], "{% macro a(x, y=1) %}A{% endmacro %}");
}

#[test]
fn what_only_looks_like_a_block_is_skipped() {
    let source = "{# {% macro no() %} #}\
        {% raw %}{% macro no() %}{% endraw %}\
        {{ '{% macro no() %}' }}\
        {% set x = '%} {% macro no() %}' %}\
        {% macro yes() %}{{ \"{% endmacro %}\" }}{# {% endmacro %} #}{% endmacro %}";
    assert_eq!(names(source), [(BlockKind::Macro, "yes".to_owned())]);
}

#[test]
fn nested_macros_belong_to_the_outer_one() {
    let source = "{% macro a() %}{% macro b() %}{% endmacro %}{% endmacro %}{% macro c() %}{% endmacro %}";
    let found = blocks(source).expect("splits");
    assert_eq!(found.len(), 2);
    assert_eq!(&source[found[0].body.clone()], "{% macro b() %}{% endmacro %}");
}

#[test]
fn parameters_are_listed_with_defaults_and_types() {
    let source = "{% macro m(a, b='x, y', c = {'k': [1, 2]}, d: List[str]=none) %}{% endmacro %}";
    let parameters = blocks(source).expect("splits")[0].parameters(source);
    let shown: Vec<(&str, Option<&str>, Option<&str>)> = parameters
        .iter()
        .map(|parameter| (&*parameter.name, parameter.default.as_deref(), parameter.annotation.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            ("a", None, None),
            ("b", Some("'x, y'"), None),
            ("c", Some("{'k': [1, 2]}"), None),
            ("d", Some("none"), Some("List[str]")),
        ]
    );
}

#[test]
fn mistakes_are_placed() {
    let cases = [
        ("\n{% macro a() %}", "Reached EOF without finding a close tag for macro (searched from line 2)", 1, 2),
        ("{% if x %}{% macro a() %}{% endmacro %}{% endif %}", "inside control flow at 1:10", 10, 1),
        ("a {# b", "unexpected EOF, expected #}", 2, 1),
        ("{% docs a %} b", "close tag for docs", 0, 1),
        ("{{ 'a }}", "expected string", 3, 1),
        ("{% endif %}", "never saw a preceeding if (@ 1:0)", 0, 1),
        ("{% for x in y %}{% endif %}", "expected endfor next (@ 1:16)", 16, 1),
    ];
    for (source, message, start, line) in cases {
        let error = blocks(source).expect_err(source);
        assert!(error.message.contains(message), "{source}: {}", error.message);
        assert_eq!((error.span.start, error.line), (start, line), "{source}");
    }
}

#[test]
fn any_prefix_of_a_file_is_handled() {
    let source = "é {%- macro a(x='ü') -%} {{ x|default(\"%}\") }} {# é #} {% raw %} {% endraw %}\r\n{% endmacro %}";
    for (at, _) in source.char_indices() {
        let _ = blocks(&source[..at]);
        let _ = blocks(&source[at..]);
    }
}
