//! Views, tables and incremental models: first build, rebuild, change of kind, failure, hooks.

use karat_adapters::duckdb::Settings;
use karat_adapters::{Adapter, AdapterErrorKind, RelationKind};
use karat_sql::dialect::{Dialect, DuckDb, Strategy};
use karat_sql::names::Name;
use serde_json::json;

use super::warehouse::{Warehouse, message};
use super::{a_model, target};
use crate::plan::{Failure, Hook, Job};

const KINDS: [&str; 3] = ["view", "table", "incremental"];
const FAILING: &str = "select error('broken') as id";

fn kind(materialized: &str) -> RelationKind {
    if materialized == "view" { RelationKind::View } else { RelationKind::Table }
}

fn hook(sql: &str, transaction: bool) -> Hook {
    Hook { sql: sql.to_owned(), transaction }
}

#[test]
fn each_kind_replaces_each_other() {
    for before in KINDS {
        for after in KINDS {
            let mut warehouse = Warehouse::new();
            warehouse.build(&json!({"materialized": before}), "select 1 as id -- one").unwrap();
            assert_eq!(warehouse.existing(), Some(kind(before)));
            assert_eq!(warehouse.rows(), [["1"]], "{before}");
            let refresh = |job: &mut Job<'_>| job.full_refresh = true;
            let outcome = warehouse.build_with(&json!({"materialized": after}), "select 2 as id -- two", refresh);
            let outcome = outcome.unwrap_or_else(|error| panic!("{before} to {after}: {}", message(&error)));
            assert_eq!(outcome.message, "OK");
            assert_eq!(warehouse.existing(), Some(kind(after)));
            assert_eq!(warehouse.rows(), [["2"]], "{before} to {after}");
            assert_eq!(warehouse.relations(), ["orders"], "{before} to {after}");
        }
    }
}

#[test]
fn a_failure_leaves_what_was_there() {
    for before in KINDS {
        for after in ["table", "incremental"] {
            let mut warehouse = Warehouse::new();
            warehouse.build(&json!({"materialized": before}), "select 1 as id").unwrap();
            let error = warehouse.build(&json!({"materialized": after}), FAILING).unwrap_err();
            assert!(message(&error).contains("broken") && error.sql.contains(FAILING), "{error:?}");
            assert_eq!(warehouse.sent.last().map(String::as_str), Some("rollback"));
            assert_eq!((warehouse.existing(), warehouse.rows()), (Some(kind(before)), vec![vec!["1".to_owned()]]));
            assert_eq!(warehouse.relations(), ["orders"], "{before} to {after}");
            warehouse.build(&json!({"materialized": after}), "select 2 as id").unwrap();
        }
    }
}

#[test]
fn a_view_that_does_not_bind_leaves_the_table() {
    let mut warehouse = Warehouse::new();
    warehouse.build(&json!({"materialized": "table"}), "select 1 as id").unwrap();
    let error = warehouse.build(&json!({"materialized": "view"}), "select id from nowhere").unwrap_err();
    assert!(
        matches!(error.error, Failure::Adapter(error) if matches!(error.kind, AdapterErrorKind::UnknownRelation { .. }))
    );
    assert_eq!((warehouse.existing(), warehouse.rows().len()), (Some(RelationKind::Table), 1));
}

#[test]
fn a_failing_hook_at_the_end_undoes_the_build() {
    for materialized in KINDS {
        let mut warehouse = Warehouse::new();
        warehouse.build(&json!({"materialized": materialized}), "select 1 as id").unwrap();
        let fail = |job: &mut Job<'_>| {
            job.full_refresh = true;
            job.post_hooks.push(hook("select error('too late')", true));
        };
        let error = warehouse.build_with(&json!({"materialized": materialized}), "select 2 as id", fail).unwrap_err();
        assert_eq!(error.sql, "select error('too late')");
        assert_eq!(warehouse.rows(), [["1"]], "{materialized}");
    }
}

#[test]
fn a_table_may_read_what_it_replaces() {
    let mut warehouse = Warehouse::new();
    for before in ["table", "view"] {
        warehouse.execute("drop table if exists main.orders");
        warehouse.build(&json!({"materialized": before}), "select 1 as id").unwrap();
        let sql = "select id + 1 as id from main.orders";
        warehouse.build(&json!({"materialized": "table"}), sql).unwrap();
        assert_eq!(warehouse.rows(), [["2"]]);
    }
}

#[test]
fn hooks_run_in_and_out_of_the_transaction() {
    let mut warehouse = Warehouse::new();
    let hooks = |job: &mut Job<'_>| {
        job.pre_hooks = vec![hook("select 'in before'", true), hook("select 'out before'", false), hook("  ", true)];
        job.post_hooks = vec![hook("select 'out after'", false), hook("select 'in after'", true)];
    };
    for materialized in KINDS {
        warehouse.build_with(&json!({"materialized": materialized}), "select 1 as id", hooks).unwrap();
        let sent: Vec<&str> = warehouse.sent.iter().map(String::as_str).filter(|sql| !sql.contains("orders")).collect();
        let wanted =
            ["select 'out before'", "begin", "select 'in before'", "select 'in after'", "commit", "select 'out after'"];
        assert_eq!(sent, wanted, "{materialized}");
    }
}

#[test]
fn effects_of_hooks_follow_their_transaction() {
    let mut warehouse = Warehouse::new();
    warehouse.execute("create table log(word varchar)");
    let hooks = |job: &mut Job<'_>| {
        job.pre_hooks =
            vec![hook("insert into log values ('out')", false), hook("insert into log values ('in')", true)];
    };
    warehouse.build_with(&json!({"materialized": "table"}), FAILING, hooks).unwrap_err();
    assert_eq!(warehouse.texts("select * from log"), [["out"]]);
}

#[test]
fn the_header_goes_before_the_query() {
    for header in ["set variable rate = 7;", "set variable rate = 7"] {
        for materialized in KINDS {
            let mut warehouse = Warehouse::new();
            let sql = "select getvariable('rate') as rate";
            for _ in 0..2 {
                let headed = |job: &mut Job<'_>| job.sql_header = Some(header);
                warehouse.build_with(&json!({"materialized": materialized}), sql, headed).unwrap();
            }
            assert_eq!(warehouse.rows()[0], ["7"], "{materialized}");
        }
    }
}

#[test]
fn indexes_are_made_each_time_the_table_is() {
    let indexes = json!([{"columns": ["id"], "unique": true}, {"columns": ["id", "lower(name)"]}]);
    for materialized in ["table", "incremental"] {
        let mut warehouse = Warehouse::new();
        let config = json!({"materialized": materialized, "indexes": indexes, "incremental_strategy": "append"});
        for id in 1..4 {
            let sql = format!("select {id} as id, 'a' as name");
            warehouse.build(&config, &sql).unwrap();
            let listed = "select index_name, is_unique from duckdb_indexes() order by 1";
            let wanted = [["orders__dbt_index_ec1a82cc", "false"], ["orders__dbt_index_edf13a98", "true"]];
            assert_eq!(warehouse.texts(listed), wanted, "{materialized} {id}");
        }
        warehouse.build(&json!({"materialized": "view"}), "select 1 as id").unwrap();
        assert_eq!(warehouse.rows(), [["1"]]);
    }
}

#[test]
fn a_unique_index_that_does_not_hold_leaves_the_old_rows() {
    let mut warehouse = Warehouse::new();
    let config = json!({"materialized": "table", "indexes": [{"columns": ["id"], "unique": true}]});
    warehouse.build(&config, "select 1 as id").unwrap();
    let error = warehouse.build(&config, "select 2 as id from range(2)").unwrap_err();
    assert!(message(&error).contains("UNIQUE"), "{}", message(&error));
    assert_eq!(warehouse.rows(), [["1"]]);
}

#[test]
fn changes_of_columns_are_undone_with_the_rest() {
    let mut warehouse = Warehouse::new();
    let config = json!({"materialized": "incremental", "on_schema_change": "sync_all_columns"});
    warehouse.build(&config, "select 1 as id, 'a' as name").unwrap();
    let fail = |job: &mut Job<'_>| job.post_hooks.push(hook("select error('too late')", true));
    warehouse.build_with(&config, "select 2::bigint as id, true as flag", fail).unwrap_err();
    assert_eq!(warehouse.columns(), [["id", "INTEGER"], ["name", "VARCHAR"]]);
    assert_eq!(warehouse.rows(), [["1", "a"]]);
}

#[test]
fn failing_on_a_changed_schema_says_what_changed() {
    let mut warehouse = Warehouse::new();
    let config = json!({"materialized": "incremental", "on_schema_change": "fail"});
    warehouse.build(&config, "select 1 as id, 'a' as name, 2 as n").unwrap();
    let error = warehouse.build(&config, "select 1::bigint as ID, 'a' as name, true as flag").unwrap_err();
    let Failure::Diagnostic(diagnostic) = error.error else { panic!("{error:?}") };
    assert_eq!(diagnostic.code, "schema-changed");
    assert_eq!(
        diagnostic.notes,
        [
            "only in the query: `flag` (BOOLEAN)",
            "only in the table: `n` (INTEGER)",
            "of another type in the query: `ID` (BIGINT)"
        ]
    );
}

#[test]
fn the_nodes_own_full_refresh_goes_before_the_flag() {
    let mut warehouse = Warehouse::new();
    let config = json!({"materialized": "incremental", "full_refresh": false});
    for _ in 0..2 {
        let refresh = |job: &mut Job<'_>| job.full_refresh = true;
        warehouse.build_with(&config, "select 1 as id", refresh).unwrap();
    }
    assert_eq!(warehouse.rows().len(), 2);
}

#[test]
fn names_of_any_letters_work() {
    let mut warehouse = Warehouse::new();
    warehouse.execute("create schema \"Gold \"\"x\"\"\"");
    for config in KINDS.map(|materialized| json!({"materialized": materialized, "unique_key": "id"})) {
        for existing in [None, Some(kind(config["materialized"].as_str().unwrap()))] {
            let model = a_model(&config);
            let name = format!("ta.ble \"{}\"", config["materialized"]);
            let mut job = Job::new(&model, "select 1 as id", super::warehouse::relation("Gold \"x\"", &name));
            job.existing = existing;
            let plan = crate::plan::node(&job, &DuckDb).unwrap();
            crate::plan::run(&plan, warehouse.connection.as_mut(), &DuckDb, &mut Vec::new()).unwrap();
        }
    }
}

#[test]
fn two_connections_build_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let mut warehouse = Warehouse::with(Settings::file(folder.path().join("shop.duckdb")));
    std::thread::scope(|scope| {
        for worker in 0..4 {
            let mut connection = warehouse.engine.connect().unwrap();
            scope.spawn(move || {
                for round in 0..10 {
                    for (at, materialized) in KINDS.into_iter().enumerate() {
                        let model = a_model(&json!({"materialized": materialized, "unique_key": "id"}));
                        let name = super::warehouse::relation("main", &format!("m{worker}_{at}"));
                        let mut job = Job::new(&model, "select 1 as id", name);
                        job.existing = (round > 0).then(|| kind(materialized));
                        let plan = crate::plan::node(&job, &DuckDb).unwrap();
                        crate::plan::run(&plan, connection.as_mut(), &DuckDb, &mut Vec::new()).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(warehouse.relations().len(), 12);
}

#[test]
fn a_build_that_never_commits_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::file(folder.path().join("shop.duckdb"));
    for (before, after) in KINDS.iter().flat_map(|before| KINDS.map(|after| (*before, after))) {
        let mut warehouse = Warehouse::with(settings.clone());
        warehouse
            .build_with(&json!({"materialized": before}), "select 1 as id", |job| job.full_refresh = true)
            .unwrap();
        let model = a_model(&json!({"materialized": after, "on_schema_change": "sync_all_columns"}));
        let mut job = Job::new(&model, "select 2 as id, 3 as n", target());
        job.existing = warehouse.existing();
        let mut plan = crate::plan::node(&job, &DuckDb).unwrap();
        plan.steps.retain(|step| *step != crate::plan::Step::Commit);
        crate::plan::run(&plan, warehouse.connection.as_mut(), &DuckDb, &mut Vec::new()).unwrap();
        drop(warehouse);
        let mut warehouse = Warehouse::with(settings.clone());
        assert_eq!(warehouse.rows(), [["1"]], "{before} to {after}");
        assert_eq!(warehouse.relations(), ["orders"]);
    }
}

#[test]
fn a_cancelled_build_is_undone() {
    let mut warehouse = Warehouse::new();
    warehouse.build(&json!({"materialized": "table"}), "select 1 as id").unwrap();
    let slow = "select count(*) as id from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3";
    let model = a_model(&json!({"materialized": "table"}));
    let job = Job { existing: warehouse.existing(), ..Job::new(&model, slow, target()) };
    let plan = crate::plan::node(&job, &DuckDb).unwrap();
    let cancel = warehouse.connection.cancel_handle();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = std::sync::Arc::clone(&stop);
    let canceller = std::thread::spawn(move || {
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            std::thread::sleep(std::time::Duration::from_millis(20));
            cancel();
        }
    });
    let error = crate::plan::run(&plan, warehouse.connection.as_mut(), &DuckDb, &mut Vec::new()).unwrap_err();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    canceller.join().unwrap();
    assert!(error.is_cancelled(), "{error:?}");
    assert_eq!(warehouse.rows(), [["1"]]);
}

/// DuckDB as if it could not create a table in the place of another.
struct Swapping;

impl Dialect for Swapping {
    fn name(&self) -> &'static str {
        "swapping"
    }

    fn same_name(&self, a: &str, b: &str) -> bool {
        DuckDb.same_name(a, b)
    }

    fn supports_transactional_ddl(&self) -> bool {
        true
    }

    fn replaces_tables(&self) -> bool {
        false
    }

    fn temp_relation(&self, target: &Name) -> Name {
        DuckDb.temp_relation(target)
    }

    fn strategies(&self) -> &'static [Strategy] {
        DuckDb.strategies()
    }

    fn default_strategy(&self) -> Strategy {
        Strategy::Append
    }
}

#[test]
fn tables_can_be_swapped_instead() {
    let mut warehouse = Warehouse::new();
    let model = a_model(&json!({"materialized": "table", "indexes": [{"columns": ["id"]}]}));
    for id in ["1", "2"] {
        let sql = format!("select {id} as id");
        warehouse.run_in(Job::new(&model, &sql, target()), &Swapping).unwrap();
        assert_eq!((warehouse.rows(), warehouse.relations()), (vec![vec![id.to_owned()]], vec!["orders".to_owned()]));
    }
    warehouse.run_in(Job::new(&model, FAILING, target()), &Swapping).unwrap_err();
    assert_eq!((warehouse.rows(), warehouse.relations().len()), (vec![vec!["2".to_owned()]], 1));
}
