//! What hangs on the relations that are rebuilt.

use std::sync::atomic::{AtomicBool, Ordering};

use super::server::{Database, project};

/// Views, materialized views, functions and foreign keys of somebody else's, on a table and a view of the project.
const HANGING: &str = r#"
create schema mine;
create table mine.audit (order_id integer);
create unique index by_id on main.orders (id);
alter table mine.audit add constraint "to orders" foreign key (order_id) references main.orders (id);
create view mine."Top" with (security_barrier=true) as select id, sum(amount) as total from main.orders group by 1;
comment on view mine."Top" is 'it''s "top"';
comment on column mine."Top".total is 'sum';
create materialized view mine.top_m as select * from mine."Top";
create unique index top_u on mine.top_m (id);
create view mine.top_v as select * from mine.top_m;
create function mine.count() returns bigint language sql begin atomic select count(*) from main.orders; end;
create view mine.counted as select mine.count() as n;
create view mine.small as select id from main.small_orders;
"#;

/// The definitions of all that is in the schema `mine`, as the server itself tells them.
const DEFINED: &str = "
select 'view', c.oid::regclass::text, pg_get_viewdef(c.oid), c.reloptions::text, c.relacl::text,
    c.relowner::regrole::text
from pg_class c where relnamespace = 'mine'::regnamespace and relkind in ('v', 'm')
union all select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), '', '', ''
from pg_index join pg_class c on c.oid = indrelid where relnamespace = 'mine'::regnamespace
union all select 'key', conname, pg_get_constraintdef(oid), '', '', ''
from pg_constraint where connamespace = 'mine'::regnamespace
union all select 'function', oid::regprocedure::text, pg_get_functiondef(oid), '', proacl::text, ''
from pg_proc where pronamespace = 'mine'::regnamespace
union all select 'comment', objsubid::text, description, '', '', ''
from pg_description join pg_class c on c.oid = objoid where relnamespace = 'mine'::regnamespace
union all select 'column', attrelid::regclass::text, attname, attacl::text, '', ''
from pg_attribute join pg_class c on c.oid = attrelid
where relnamespace = 'mine'::regnamespace and relkind in ('v', 'm') and attnum > 0
order by 1, 2, 3";

fn shop() -> crate::harness::Project {
    project(&[
        (
            "models/orders.sql",
            "{{ config(materialized='table') }} select n as id, n * 10 as amount from generate_series(1, 3) as t (n)",
        ),
        (
            "models/small_orders.sql",
            "{{ config(materialized='view') }} select id, amount from {{ ref('orders') }} where amount < 20",
        ),
    ])
}

/// The rights that two roles have to what is in `mine`. Roles belong to the whole server: they go when the test ends.
struct Roles<'a>(&'a Database, [String; 2]);

impl<'a> Roles<'a> {
    fn new(database: &'a Database) -> Self {
        let names = ["reader", "Odd one"].map(|name| format!("\"{name} {}\"", std::process::id()));
        let [reader, odd] = &names;
        database.execute(&format!(
            "create role {reader}; create role {odd}; grant usage, create on schema mine to {reader};
             grant select on mine.\"Top\" to {reader} with grant option; grant select (total) on mine.\"Top\" to {odd};
             grant select on mine.top_m to {reader}; revoke execute on function mine.count() from public;
             grant execute on function mine.count() to {odd}; alter view mine.top_v owner to {reader}"
        ));
        Self(database, names)
    }
}

impl Drop for Roles<'_> {
    fn drop(&mut self) {
        let drop = |role: &String| format!("drop owned by {role} cascade; drop role {role};");
        let _ = self.0.connect().execute(&self.1.iter().map(drop).collect::<String>());
    }
}

#[test]
fn what_hangs_on_a_relation_survives_its_rebuild() {
    let database = Database::new();
    let shop = shop();
    database.succeed(&shop, &["run"]);
    database.execute(HANGING);
    let _roles = Roles::new(&database);
    let before = database.rows(DEFINED);
    assert!(before.len() > 15, "{before:#?}");
    let identity = || database.rows("select 'main.orders'::regclass::oid, 'main.small_orders'::regclass::oid");
    let first = identity();

    // The same columns: the table and the view are kept.
    shop.write(
        "models/orders.sql",
        "{{ config(materialized='table') }} select n as id, n * 7 as amount from generate_series(1, 5) as t (n)",
    );
    database.succeed(&shop, &["run"]);
    assert_eq!(identity(), first);
    assert_eq!(database.rows(DEFINED), before);
    assert_eq!(database.rows("select * from mine.counted"), ["5"]);
    assert_eq!(database.rows("select total from mine.\"Top\" order by id"), ["7", "14", "21", "28", "35"]);

    // Others: they are new, and what hangs on them is made anew. A foreign key needs its index, which is gone.
    database.execute("alter table mine.audit drop constraint \"to orders\"");
    let before = database.rows(DEFINED);
    shop.write("models/orders.sql", "{{ config(materialized='table') }} select 'x' as new, n as id, n * 7 as amount from generate_series(1, 5) as t (n)");
    shop.write("models/small_orders.sql", "{{ config(materialized='view') }} select new, id from {{ ref('orders') }}");
    let said = database.succeed(&shop, &["run"]);
    assert!(said.contains("made anew what hangs on \"karat_test_"), "{said}");
    assert!(said.contains("view mine.\"Top\""), "{said}");
    assert_ne!(identity(), first);
    assert_eq!(database.rows(DEFINED), before);
    assert_eq!(database.rows("select count(*) from mine.small"), ["5"]);
}

#[test]
fn a_column_that_somebody_reads_can_not_go() {
    let database = Database::new();
    let shop = shop();
    database.succeed(&shop, &["run"]);
    database.execute("create view main.total as select sum(amount) as total from main.orders");
    shop.write("models/orders.sql", "{{ config(materialized='table') }} select 1 as id");
    let (code, said) = database.run(&shop, &["run", "--select", "orders"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("view main.total") && said.contains("amount"), "{said}");
    assert_eq!(database.rows("select total from main.total"), ["60"]);
}

#[test]
fn readers_never_see_a_missing_or_empty_relation() {
    let database = Database::new();
    let shop = shop();
    database.succeed(&shop, &["run"]);
    database.execute("create view main.seen as select count(*) as n from main.orders");
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut connection = database.connect();
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                for sql in [
                    "select n from main.seen",
                    "select count(*) from main.small_orders",
                    "select count(*) from main.orders",
                ] {
                    let rows = connection.query(sql).unwrap_or_else(|error| panic!("{sql}: {error}")).rows;
                    assert_ne!(rows[0][0].to_string(), "0", "{sql}");
                    seen += 1;
                }
            }
            seen
        });
        for columns in
            ["n as id, n * 10 as amount", "n as id, n * 10 as amount, 1 as more", "n as id, n * 10 as amount"]
        {
            let sql =
                format!("{{{{ config(materialized='table') }}}} select {columns} from generate_series(1, 3) as t (n)");
            shop.write("models/orders.sql", &sql);
            database.succeed(&shop, &["run"]);
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert!(seen > 10, "{seen}");
}

#[test]
fn two_builds_of_one_model_wait_for_each_other() {
    let database = Database::new();
    let shop = project(&[(
        "models/slow.sql",
        "{{ config(materialized='table') }} select 1 as id, pg_sleep(1)::text as slept",
    )]);
    database.succeed(&shop, &["run"]);
    let said: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = ["one", "two"]
            .map(|folder| {
                scope.spawn({
                    let (database, shop) = (&database, &shop);
                    move || database.succeed(shop, &["run", "--target-path", folder])
                })
            })
            .into();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let waited = said.iter().filter(|said| said.contains("waited for another build of")).count();
    assert_eq!(waited, 1, "{said:#?}");
    assert_eq!(database.rows("select id from main.slow"), ["1"]);
}
