//! What models and seeds read: kinds of tables, names, files.

use super::server::{Database, project};

const SOURCES: &str = "
version: 2
sources:
  - name: raw
    schema: raw
    tables:
      - name: parts
        columns: [{name: id, data_tests: [not_null, unique]}]
      - name: far
        columns: [{name: id, data_tests: [not_null]}]
";

#[test]
fn partitioned_and_foreign_tables_are_sources() {
    let database = Database::new();
    database.execute(
        "create schema raw; create table raw.parts (id int, day date) partition by range (day);
         create table raw.parts_1 partition of raw.parts for values from ('2024-01-01') to ('2024-02-01');
         insert into raw.parts values (1, '2024-01-05'), (2, '2024-01-06');
         create extension file_fdw; create server files foreign data wrapper file_fdw;
         create foreign table raw.far (id int) server files options (program 'printf ''7\\n8\\n''', format 'csv')",
    );
    let table = "{{ config(materialized='table') }}";
    let shop = project(&[
        ("models/sources.yml", SOURCES),
        ("models/parts_view.sql", "select * from {{ source('raw', 'parts') }}"),
        (
            "models/joined.sql",
            &format!(
                "{table} select id from {{{{ source('raw', 'far') }}}} union all select id from {{{{ ref('parts_view') }}}}"
            ),
        ),
    ]);
    for _ in 0..2 {
        let said = database.succeed(&shop, &["build"]);
        assert!(said.contains("PASS=5"), "{said}");
    }
    assert_eq!(database.rows("select id from main.joined order by 1"), ["1", "2", "7", "8"]);
    let said = database.succeed(&shop, &["docs", "generate"]);
    assert!(said.contains("4 tables"), "{said}");
    let catalog = std::fs::read_to_string(shop.path().join("target/catalog.json")).unwrap();
    assert!(catalog.contains("source.shop.raw.parts") && catalog.contains("source.shop.raw.far"), "{catalog}");
}

/// A model takes the place of a partitioned table and of a foreign one.
#[test]
fn partitioned_and_foreign_tables_are_replaced() {
    let database = Database::new();
    database.execute(
        "create schema main; create table main.parts (id int) partition by list (id);
         create table main.parts_1 partition of main.parts default;
         create extension file_fdw; create server files foreign data wrapper file_fdw;
         create foreign table main.far (id int) server files options (program 'echo 7', format 'csv')",
    );
    let model = "{{ config(materialized='table') }} select 1 as id, 'x' as name";
    let shop = project(&[("models/parts.sql", model), ("models/far.sql", model)]);
    database.succeed(&shop, &["run"]);
    let kinds =
        "select relname::text, relkind::text from pg_class where relnamespace = 'main'::regnamespace order by 1";
    assert_eq!(database.rows(kinds), ["far|r", "parts|r"]);
}

#[test]
fn a_database_that_is_not_the_connection_s_is_told() {
    let database = Database::new();
    let shop = project(&[(
        "macros/make.sql",
        "{% macro make() %}{% do adapter.create_schema(api.Relation.create(database='elsewhere', schema='x')) %}{% endmacro %}",
    )]);
    let (code, said) = database.run(&shop, &["run-operation", "make"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("other-database") && said.contains("`elsewhere` can't be reached"), "{said}");
}

/// Keywords are names of columns in a seed, an incremental model by such a key, a contract, and tests.
#[test]
fn columns_are_named_like_keywords() {
    let database = Database::new();
    let model = "{{ config(materialized='incremental', unique_key='\"order\"', incremental_strategy='delete+insert') }} \
                 select \"order\", \"select\", \"user\" from {{ ref('words') }}";
    let shop = project(&[
        ("seeds/words.csv", "order,select,user\n1,a,x\n2,b,y\n"),
        ("models/again.sql", model),
        (
            "models/promised.sql",
            "{{ config(materialized='table') }} select \"order\", \"user\" from {{ ref('words') }}",
        ),
        (
            "models/models.yml",
            "
version: 2
models:
  - name: again
    columns: [{name: order, quote: true, description: a keyword, data_tests: [not_null, unique]}]
  - name: promised
    config: {contract: {enforced: true}, persist_docs: {columns: true}}
    columns:
      - {name: order, quote: true, data_type: integer, description: a keyword, constraints: [{type: not_null}]}
      - {name: user, quote: true, data_type: text}
",
        ),
    ]);
    database.succeed(&shop, &["build"]);
    shop.write("seeds/words.csv", "order,select,user\n2,c,y\n3,d,z\n");
    for _ in 0..2 {
        database.succeed(&shop, &["build"]);
    }
    let rows = "select \"order\", \"select\", \"user\" from main.again order by 1";
    assert_eq!(database.rows(rows), ["1|a|x", "2|c|y", "3|d|z"]);
    assert_eq!(database.rows("select col_description('main.promised'::regclass, 1)"), ["a keyword"]);
}

/// Quotes in odd places are read as dbt reads them; where that leaves a row of another width, its line is told.
#[test]
fn broken_quoting_is_read_as_by_dbt_or_told() {
    let database = Database::new();
    let shop = project(&[("seeds/people.csv", "id,name\n1,A\"n\"n\n2,\"Ben\"x\n3,\"\\\n")]);
    database.succeed(&shop, &["seed"]);
    let names = ["A\"n\"n", "Benx", "\\\n"];
    assert_eq!(database.rows("select name from main.people order by id"), names);
    for csv in ["id,name\n1,\"Ann\nx\",y\n", "id,name\n1,\"Ann\" ,x\n"] {
        shop.write("seeds/people.csv", csv);
        let (code, said) = database.run(&shop, &["seed"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("bad-seed") && said.contains("line 2"), "{said}");
        assert_eq!(database.rows("select name from main.people order by id"), names);
    }
}
