//! What goes wrong with a server: nothing is lost, nothing half-built is seen, and the message says what to do.

use std::process::Command;
use std::time::Duration;

use super::server::{Database, ended, project};

const SLOW: &str = "{{ config(materialized='table') }} select 1 as id, pg_sleep(3)::text as slept";

fn table(query: &str) -> String {
    format!("{{{{ config(materialized='table') }}}} {query}")
}

#[test]
fn a_server_that_can_not_be_used_is_told_of() {
    let database = Database::new();
    let shop = project(&[("models/one.sql", "select 1 as id")]);
    for (variable, value, message) in [
        ("PGPASSWORD", "not-the-password", "password authentication failed"),
        ("PGHOST", "no-such-host.invalid", "can't connect to"),
        ("PGPORT", "1", "can't connect to"),
        ("PGDATABASE", "no_such_database", "does not exist"),
    ] {
        let (code, said) = ended(&database.karat(&shop, ["run"]).env(variable, value).output().unwrap());
        assert_eq!(code, 1, "{variable}: {said}");
        assert!(said.contains(message) && said.contains("help:"), "{variable}: {said}");
        assert!(!said.contains("not-the-password") && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn without_the_right_to_create_nothing_is_made() {
    let database = Database::new();
    let shop = project(&[("models/one.sql", "select 1 as id")]);
    let role = format!("karat_test_weak_{}", std::process::id());
    database.execute(&format!(
        "create role {role} login password 'weak'; create schema main; grant usage on schema main to {role}"
    ));
    let output = database.karat(&shop, ["run"]).env("PGUSER", &role).env("PGPASSWORD", "weak").output().unwrap();
    let (code, said) = ended(&output);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("permission denied for schema main") && said.contains("grant"), "{said}");
    assert_eq!(database.rows("select count(*) from pg_class where relnamespace = 'main'::regnamespace"), ["0"]);
    database.execute(&format!("drop owned by {role}; drop role {role}"));
}

/// A lock of somebody else's, a time limit and a full disk: the old rows stay.
#[test]
fn limits_of_the_server_leave_the_old_rows() {
    let database = Database::new();
    let shop = project(&[("models/one.sql", &table("select 1 as id"))]);
    database.succeed(&shop, &["run"]);
    let mut reader = database.connect();
    reader.execute("begin; select * from main.one").unwrap();
    for (options, query, message) in [
        ("-c lock_timeout=300ms", "select 2 as id", "lock timeout"),
        ("-c statement_timeout=300ms", "select 2 as id, pg_sleep(5)::text as slept", "statement timeout"),
        (
            "-c temp_file_limit=64kB -c work_mem=64kB",
            "select n as id from generate_series(1, 100000) as t (n) order by md5(n::text)",
            "temp_file_limit",
        ),
    ] {
        shop.write("models/one.sql", &table(query));
        let (code, said) = ended(&database.karat(&shop, ["run"]).env("PGOPTIONS", options).output().unwrap());
        assert_eq!(code, 1, "{options}: {said}");
        assert!(said.contains(message) && said.contains("help:"), "{options}: {said}");
        assert_eq!(database.rows("select id from main.one"), ["1"], "{options}");
        let left = "select relname from pg_class where relnamespace = 'main'::regnamespace and relkind = 'r'";
        assert_eq!(database.rows(left), ["one"], "{options}");
    }
}

/// The server dies in the middle of a model and is back after two seconds: the model is built then.
#[test]
fn a_server_that_comes_back_is_waited_for() {
    let with_postgres = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/with-postgres");
    let shop = project(&[("models/slow.sql", SLOW), ("models/next.sql", "select * from {{ ref('slow') }}")]);
    let script = r#"
        export PGPORT="$(echo "$KARAT_TEST_POSTGRES_URL" | sed 's/.*:\([0-9]*\).*/\1/')"
        (sleep 1.5; "$KARAT_TEST_POSTGRES_CRASH" 2) >/dev/null 2>&1 &
        "$0" run
        code=$?
        wait
        exit $code
    "#;
    let mut command = Command::new(with_postgres);
    let karat = env!("CARGO_BIN_EXE_karat");
    command.args(["sh", "-c", script, karat]).current_dir(shop.path()).env_remove("KARAT_TEST_POSTGRES_URL");
    command.envs([
        ("PGHOST", "127.0.0.1"),
        ("PGUSER", "karat"),
        ("PGPASSWORD", "se:cr/et"),
        ("PGDATABASE", "postgres"),
    ]);
    let (code, said) = ended(&command.env("NO_COLOR", "1").output().unwrap());
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Done. PASS=2"), "{said}");
}

/// The connection's process is ended again and again: the model fails, and its old rows stay.
#[test]
fn a_connection_that_is_lost_for_good_fails_the_model() {
    let database = Database::new();
    let shop = project(&[("models/slow.sql", &table("select 1 as id")), ("models/other.sql", "select 1 as id")]);
    database.succeed(&shop, &["run"]);
    shop.write("models/slow.sql", SLOW);
    let profile = super::server::PROFILE.replace("threads: 2", "threads: 2\n      retries: 0");
    shop.write("profiles.yml", &profile);
    let (code, said) = std::thread::scope(|scope| {
        let run = scope.spawn(|| database.run(&shop, &["run"]));
        let kill = "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid() and datname = current_database()";
        for _ in 0..300 {
            if database.rows(kill) == ["true"] {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        run.join().unwrap()
    });
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("terminating connection") && said.contains("PASS=1") && said.contains("ERROR=1"), "{said}");
    assert_eq!(database.rows("select id from main.slow"), ["1"]);
}

/// Names with quotes, dots, capitals, emoji, of 63 bytes, and keywords, each built twice.
#[test]
fn odd_names_are_names() {
    let database = Database::new();
    let long = "n".repeat(63);
    let names = ["it's", "a \"quoted\" one", "dotted.name", "Capitals", "🦀 crab", "select", &long];
    let shop = project(&[]);
    for (index, name) in names.iter().enumerate() {
        let alias = name.replace('\\', "\\\\").replace('\'', "\\'");
        let kind = ["table", "view", "incremental"][index % 3];
        let column = name.replace('"', "\"\"");
        let sql = format!(
            "{{{{ config(materialized='{kind}', alias='{alias}') }}}} select 1 as \"{column}\", 2 as \"order\""
        );
        shop.write(&format!("models/m{index}.sql"), &sql);
    }
    for _ in 0..2 {
        database.succeed(&shop, &["run"]);
    }
    let found = "select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid \
                 where relnamespace = 'main'::regnamespace and attnum = 1 and relkind in ('r', 'v')";
    let mut expected: Vec<String> = names.iter().map(|name| format!("{name}|{name}")).collect();
    let mut found = database.rows(found);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let rows = "select count(*) from main.\"Capitals\" union all select count(*) from main.\"🦀 crab\"";
    assert_eq!(database.rows(rows), ["1", "1"]);
}

#[test]
fn a_broken_file_changes_nothing() {
    let database = Database::new();
    let shop = project(&[("seeds/people.csv", "id,name\n1,Ann\n2,\"Ben, \"\"the\"\" man\"\n")]);
    database.succeed(&shop, &["seed"]);
    for (csv, message) in [("id,name\n1,Ann,x\n", "line 2"), ("id,name\n1\n", "line 2")] {
        shop.write("seeds/people.csv", csv);
        let (code, said) = database.run(&shop, &["seed"]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains(message), "{said}");
        assert_eq!(database.rows("select name from main.people order by id"), ["Ann", "Ben, \"the\" man"]);
    }
}
