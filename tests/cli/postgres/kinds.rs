//! What Postgres has and other engines have not: materialized views, indexes, unlogged tables, grants.

use super::server::{Database, project};

const INDEXES: &str = "select indexdef from pg_indexes where schemaname = 'main' order by 1";

#[test]
fn materialized_views_are_refreshed_and_their_indexes_follow() {
    let database = Database::new();
    let model = |indexes: &str, more: &str| {
        format!(
            "{{{{ config(materialized='materialized_view', indexes={indexes}{more}) }}}} select count(*) as n, 1 as id from main.raw"
        )
    };
    let shop = project(&[("models/counted.sql", &model("[{'columns': ['id'], 'unique': true}]", ""))]);
    database.execute("create schema main; create table main.raw as select 1 as id");
    database.succeed(&shop, &["run"]);
    database.execute("insert into main.raw values (2)");
    let said = database.succeed(&shop, &["run"]);
    assert!(said.contains("[REFRESH MATERIALIZED VIEW in") || said.contains("[REFRESH in"), "{said}");
    assert_eq!(database.rows("select n from main.counted"), ["2"]);
    assert_eq!(database.rows(INDEXES).len(), 1);
    assert!(database.rows(INDEXES)[0].starts_with("CREATE UNIQUE INDEX"), "{:?}", database.rows(INDEXES));

    let other = "[{'columns': ['n'], 'type': 'hash'}]";
    shop.write("models/counted.sql", &model(other, ", on_configuration_change='fail'"));
    let (code, said) = database.run(&shop, &["run"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("the indexes of model counted are not those of its settings"), "{said}");
    shop.write("models/counted.sql", &model(other, ", on_configuration_change='continue'"));
    assert!(database.succeed(&shop, &["run"]).contains("are not those of its settings"));
    assert!(database.rows(INDEXES)[0].contains("UNIQUE"));
    shop.write("models/counted.sql", &model(other, ""));
    database.succeed(&shop, &["run"]);
    let indexes = database.rows(INDEXES);
    assert!(indexes.len() == 1 && indexes[0].contains("USING hash (n)"), "{indexes:?}");

    // It can become a table and a materialized view again.
    shop.write("models/counted.sql", "{{ config(materialized='table') }} select 7 as n");
    database.succeed(&shop, &["run"]);
    shop.write("models/counted.sql", &model("[]", ""));
    database.succeed(&shop, &["run", "--full-refresh"]);
    assert_eq!(database.rows("select relkind::text from pg_class where relname = 'counted'"), ["m"]);
}

#[test]
fn tables_have_their_indexes_and_may_be_unlogged() {
    let database = Database::new();
    let shop = project(&[(
        "models/orders.sql",
        "{{ config(materialized='table', unlogged=true, indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['id', 'tags'], 'type': 'btree'}, {'columns': ['tags'], 'type': 'gin'}]) }} select 1 as id, array['a'] as tags",
    )]);
    database.succeed(&shop, &["run"]);
    database.execute("create view main.hanging as select id from main.orders");
    for _ in 0..2 {
        let indexes = database.rows(INDEXES);
        assert_eq!(indexes.len(), 3, "{indexes:?}");
        assert!(indexes.iter().any(|index| index.contains("USING gin (tags)")), "{indexes:?}");
        assert_eq!(database.rows("select relpersistence::text from pg_class where relname = 'orders'"), ["u"]);
        database.succeed(&shop, &["run"]);
    }
}

#[test]
fn grants_follow_the_settings() {
    let database = Database::new();
    let roles = ["a", "b"].map(|name| format!("karat_test_{name}_{}", std::process::id()));
    database.execute(&format!("create role {}; create role {}", roles[0], roles[1]));
    let model = |kind: &str, grantee: &str| {
        format!("{{{{ config(materialized='{kind}', grants={{'select': ['{grantee}']}}) }}}} select 1 as id")
    };
    let held = "select grantee::text from information_schema.role_table_grants where table_schema = 'main' \
                and table_name = 'orders' and privilege_type = 'SELECT' and grantee <> current_user";
    for kind in ["table", "incremental", "view"] {
        let shop = project(&[("models/orders.sql", &model(kind, &roles[0]))]);
        database.succeed(&shop, &["run"]);
        assert_eq!(database.rows(held), [roles[0].clone()], "{kind}");
        shop.write("models/orders.sql", &model(kind, &roles[1]));
        database.succeed(&shop, &["run"]);
        assert_eq!(database.rows(held), [roles[1].clone()], "{kind}");
    }
    database.execute(&format!("drop owned by {0}, {1}; drop role {0}, {1}", roles[0], roles[1]));
}
