use super::inject_ctes;

const A: &str = "__dbt__cte__a as (\nselect 1\n)";
const B: &str = "__dbt__cte__b as (\nselect 2\n)";

/// Injects two, and reads the result without regard to white space.
fn injected(sql: &str) -> String {
    let ctes = [("__dbt__cte__a", "select 1"), ("__dbt__cte__b", "select 2")];
    let ctes = ctes.map(|(name, query)| (name.to_owned(), query.to_owned()));
    inject_ctes(sql, &ctes)
}

#[track_caller]
fn assert_injected(sql: &str, wanted: &str) {
    let both = format!("{A}, {B}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&injected(sql)), words(&wanted.replace("$", &both)));
}

#[test]
fn nothing_to_inject_changes_nothing() {
    assert_eq!(inject_ctes(" select 1 ", &[]), " select 1 ");
}

#[test]
fn a_query_without_any_gets_them_at_its_beginning() {
    assert_eq!(injected("select *\nfrom x"), format!("with {A}, {B} select *\nfrom x"));
    assert_injected("-- with comment\nselect 1", "with $ -- with comment\nselect 1");
    assert_injected("(with x as (select 1) select * from x)", "with $ (with x as (select 1) select * from x)");
    assert_injected("-- nothing", "with $ -- nothing");
    assert_injected("select 'with' as with_, \"with\" from t", "with $ select 'with' as with_, \"with\" from t");
}

#[test]
fn a_query_with_some_gets_them_before_its_own() {
    assert_eq!(injected("with x as (select 1) select *"), format!("with {A}, {B}, x as (select 1) select *"));
    assert_injected(
        "/* with x */ -- é\n\twith y as (select 1) select 2 -- end",
        "/* with x */ -- é\n with $, y as (select 1) select 2 -- end",
    );
    assert_injected("\n\n  WITH x(a) AS (select ' with ') select 1", "WITH $, x(a) AS (select ' with ') select 1");
    assert_injected(
        "select 'é' é; with x as (select 1) select 1",
        "with $ select 'é' é; with x as (select 1) select 1",
    );
    assert_injected("with /* c */ x as (select 1) select 1", "with $, /* c */ x as (select 1) select 1");
    assert_injected(
        "with x as not materialized (select 1) select 1",
        "with $, x as not materialized (select 1) select 1",
    );
}

#[test]
fn recursion_is_kept() {
    assert_injected("WITH RECURSIVE t(n) as (select 1) select 1", "WITH RECURSIVE $, t(n) as (select 1) select 1");
    assert_injected(
        "with -- c\n recursive x as (select 1) select 1",
        "with -- c\n recursive $, x as (select 1) select 1",
    );
    assert_injected(
        "with recursive t(a, b) using key (a) as (select 1, 2) select 1",
        "with recursive $, t(a, b) using key (a) as (select 1, 2) select 1",
    );
}

#[test]
fn other_uses_of_the_word_are_left_alone() {
    assert_injected("select a::timestamp with time zone", "with $ select a::timestamp with time zone");
    assert_injected(
        "select * from unnest(x) with ordinality as t",
        "with $ select * from unnest(x) with ordinality as t",
    );
}

#[test]
fn statements_around_a_query_are_seen_through() {
    assert_injected("insert into x with z as (select 1) select *", "insert into x with $, z as (select 1) select *");
}

#[test]
fn text_that_cannot_be_read_gets_them_at_its_beginning() {
    assert_injected("select 'open", "with $ select 'open");
    assert_injected("", "with $");
}

#[test]
fn quotes_of_other_engines_are_read() {
    assert_injected(
        r"with x as (select 'it\'s' as a, `b c`) select 1",
        r"with $, x as (select 'it\'s' as a, `b c`) select 1",
    );
}
