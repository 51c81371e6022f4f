use super::DuckDb;
use crate::dialect::{Action, Clause, Create, Dialect, Index, Key, Matching, Merge, TestQuery};
use crate::names::{Kind, Name};

fn orders() -> Name {
    Name::new("gold", "orders").in_database("shop")
}

fn temp() -> Name {
    DuckDb.temp_relation(&orders())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn names_and_texts_are_quoted() {
    assert_eq!(DuckDb.relation(&Name::new("a.b", "c\"d")), r#""a.b"."c""d""#);
    assert_eq!(DuckDb.literal("it's"), "'it''s'");
    assert_eq!(DuckDb.relation(&temp()), r#""temp"."main"."orders__dbt_tmp""#);
    assert!(DuckDb.same_name("Id", "iD") && !DuckDb.same_name("id", "ids"));
}

#[test]
fn schemas() {
    assert_eq!(DuckDb.create_schema(Some("shop"), "gold"), r#"create schema if not exists "shop"."gold""#);
    assert_eq!(DuckDb.drop_schema(None, "gold"), r#"drop schema if exists "gold" cascade"#);
}

#[test]
fn relations() {
    let query = "select 1 -- one";
    assert_eq!(
        DuckDb.create_table_as(&orders(), query, Create::Replace),
        "create or replace table \"shop\".\"gold\".\"orders\" as (\nselect 1 -- one\n)"
    );
    assert!(DuckDb.create_table_as(&orders(), query, Create::New).starts_with("create table \"shop\""));
    assert!(DuckDb.create_table_as(&temp(), query, Create::Temporary).starts_with("create or replace temporary table"));
    assert_eq!(
        DuckDb.create_view_as(&orders(), query),
        "create or replace view \"shop\".\"gold\".\"orders\" as (\nselect 1 -- one\n)"
    );
    assert_eq!(DuckDb.drop_relation(&orders(), Kind::View), r#"drop view if exists "shop"."gold"."orders" cascade"#);
    assert_eq!(DuckDb.rename(&orders(), Kind::Table, "old"), r#"alter table "shop"."gold"."orders" rename to "old""#);
    assert_eq!(DuckDb.truncate(&orders()), r#"truncate table "shop"."gold"."orders""#);
    let columns = texts(&["id", "lower(name)"]);
    let index = Index { name: "by_id", table: &orders(), columns: &columns, unique: true, method: None };
    assert_eq!(
        DuckDb.create_index(index).as_deref(),
        Some(r#"create unique index "by_id" on "shop"."gold"."orders" (id, lower(name))"#)
    );
}

#[test]
fn columns() {
    let table = Name::new("gold", "orders");
    assert_eq!(DuckDb.add_column(&table, "n", "INTEGER"), r#"alter table "gold"."orders" add column "n" INTEGER"#);
    assert_eq!(DuckDb.drop_column(&table, "n"), r#"alter table "gold"."orders" drop column "n""#);
    assert_eq!(
        DuckDb.alter_column_type(&table, "n", "BIGINT"),
        r#"alter table "gold"."orders" alter column "n" set data type BIGINT"#
    );
}

#[test]
fn rows_are_inserted_by_name() {
    assert_eq!(
        DuckDb.insert_select(&Name::new("gold", "orders"), &temp(), &texts(&["id", "Name"])),
        "insert into \"gold\".\"orders\" (\"id\", \"Name\")\nselect \"id\", \"Name\"\n\
         from \"temp\".\"main\".\"orders__dbt_tmp\""
    );
}

#[test]
fn rows_are_deleted_by_key() {
    let (target, source) = (Name::new("gold", "orders"), Name::new("gold", "new"));
    assert_eq!(
        DuckDb.delete_matching(&target, &source, &Key::One("id".to_owned()), &texts(&["a > 1 or b"])),
        "delete from \"gold\".\"orders\"\nwhere (id) in (\n  select (id)\n  from \"gold\".\"new\"\n)\n  and (a > 1 or b)"
    );
    assert_eq!(
        DuckDb.delete_matching(&target, &source, &Key::Many(texts(&["a", "b"])), &[]),
        "delete from \"gold\".\"orders\" as DBT_INCREMENTAL_TARGET\n\
         using \"gold\".\"new\" as DBT_INCREMENTAL_SOURCE\n\
         where DBT_INCREMENTAL_SOURCE.a = DBT_INCREMENTAL_TARGET.a\n  \
         and DBT_INCREMENTAL_SOURCE.b = DBT_INCREMENTAL_TARGET.b"
    );
}

#[test]
fn merges() {
    let (target, source) = (Name::new("gold", "orders"), Name::new("gold", "new"));
    let clause = |matched, action| Clause { matched, by: None, conditions: Vec::new(), action };
    let clauses = [
        Clause { conditions: texts(&["a", "b or c"]), ..clause(true, Action::Delete) },
        clause(true, Action::Update(vec![("\"n\"".to_owned(), "DBT_INTERNAL_SOURCE.\"n\"".to_owned())])),
        Clause { by: Some("source".to_owned()), ..clause(false, Action::Fail(Some("it's gone".to_owned()))) },
        clause(false, Action::Insert(texts(&["id"]), texts(&["1"]))),
    ];
    let merge = |matching: &Matching, predicates: &[String]| {
        let (target, source) = (&target, &source);
        DuckDb.merge(&Merge { target, source, matching, predicates, clauses: &clauses, returning: &[] })
    };
    assert_eq!(
        merge(&Matching::On(texts(&["id", "part"])), &texts(&["p or q"])),
        "merge into \"gold\".\"orders\" as DBT_INTERNAL_DEST\nusing \"gold\".\"new\" as DBT_INTERNAL_SOURCE\n\
         on (DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id) and \
         (DBT_INTERNAL_SOURCE.part = DBT_INTERNAL_DEST.part) and (p or q)\n\
         when matched and (a) and (b or c)\nthen delete\n\
         when matched\nthen update set\n  \"n\" = DBT_INTERNAL_SOURCE.\"n\"\n\
         when not matched by source\nthen error 'it''s gone'\n\
         when not matched\nthen insert\n  (id)\n  values (1)"
    );
    assert!(merge(&Matching::Never, &[]).contains("\non (false)\n"));
    assert!(merge(&Matching::Using(texts(&["id"])), &[]).contains("\nusing (id)\n"));
    let both = merge(&Matching::Using(texts(&["id"])), &texts(&["p"]));
    assert!(both.contains("\non (DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id) and (p)\n"));
}

#[test]
fn tests_are_wrapped() {
    let sql = DuckDb.limit("select 1 -- one", 5);
    assert_eq!(sql, "select 1 -- one\nlimit 5");
    let test = TestQuery { sql: &sql, fail_calc: "count(*)", warn_if: "> 1", error_if: "!= 0" };
    assert_eq!(
        DuckDb.test_query(test),
        "select\n  count(*) as failures,\n  count(*) > 1 as should_warn,\n  count(*) != 0 as should_error\nfrom (\n\
         select 1 -- one\nlimit 5\n) dbt_internal_test"
    );
}
