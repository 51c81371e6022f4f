//! How a server is reached, and what happens on the way.

use std::io::copy;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use super::server::{Database, PROFILE, ended, project};

/// Neither who nor where: the environment says so.
const BARE: &str = "shop:\n  target: pg\n  outputs:\n    pg: {type: postgres, schema: main}\n";
const ONE: (&str, &str) = ("models/one.sql", "select 1 as id");

#[test]
fn a_wrong_sslmode_is_told_with_the_right_ones() {
    let database = Database::new();
    let shop = project(&[ONE]);
    shop.write("profiles.yml", &format!("{PROFILE}      sslmode: on-please\n"));
    let (code, said) = database.run(&shop, &["run"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("there is no sslmode `on-please`") && said.contains("verify-full"), "{said}");
}

/// A server of its own, whose TLS is turned off.
#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let with_postgres = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/with-postgres");
    let shop = project(&[ONE]);
    shop.write("profiles.yml", BARE);
    let script = r#"
        export PGPORT="$(echo "$KARAT_TEST_POSTGRES_URL" | sed 's/.*:\([0-9]*\).*/\1/')"
        PGSSLMODE=require "$0" run || exit 3
        "$KARAT_TEST_POSTGRES_BIN/psql" -qc "alter system set ssl = off" -c "select pg_reload_conf()" || exit 4
        sleep 0.5
        export PGSSLROOTCERT="$KARAT_TEST_POSTGRES_CA"
        for mode in require verify-ca verify-full; do
            PGSSLMODE=$mode "$0" run && exit 5
        done
        PGSSLMODE=prefer "$0" run
    "#;
    let mut command = Command::new(with_postgres);
    command.args(["sh", "-c", script, env!("CARGO_BIN_EXE_karat")]);
    command.current_dir(shop.path()).env_remove("KARAT_TEST_POSTGRES_URL").env("NO_COLOR", "1").env("COLUMNS", "1000");
    command.envs([
        ("PGHOST", "127.0.0.1"),
        ("PGUSER", "karat"),
        ("PGPASSWORD", "se:cr/et"),
        ("PGDATABASE", "postgres"),
    ]);
    let (code, said) = ended(&command.output().unwrap());
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("server does not support TLS").count(), 3, "{said}");
    assert_eq!(said.matches("check `host`, `port` and `sslmode`").count(), 3, "{said}");
}

/// By way of a Unix socket, with the password from a file that only its owner may read.
#[test]
fn sockets_and_password_files_are_used() {
    let database = Database::new();
    let folder = database.rows("show unix_socket_directories")[0].split(',').next().unwrap().trim().to_owned();
    let variables = database.variables();
    let value = |name: &str| variables.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let escaped = value("PGPASSWORD").replace('\\', "\\\\").replace(':', "\\:");
    let shop = project(&[ONE]);
    shop.write("profiles.yml", BARE);
    shop.write(
        "passwords",
        &format!("# who\nelsewhere:*:*:*:wrong\n*:{}:*:{}:{escaped}\n", value("PGPORT"), value("PGUSER")),
    );
    let file = shop.path().join("passwords");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let run = |host: &str| {
        let mut command = database.karat(&shop, ["run"]);
        command.env_remove("PGPASSWORD").env("PGHOST", host).env("PGPASSFILE", &file);
        ended(&command.output().unwrap())
    };
    for host in [&folder, &value("PGHOST")] {
        let (code, said) = run(host);
        assert_eq!(code, 0, "{host}: {said}");
    }
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = run(&value("PGHOST"));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("password") && !said.contains(&value("PGPASSWORD")), "{said}");
}

/// The way to the server is shut for the first two attempts.
#[test]
fn connecting_is_tried_again_as_often_as_the_profile_says() {
    let database = Database::new();
    let shop = project(&[ONE]);
    for (retries, expected) in [(1, 1), (3, 0)] {
        shop.write("profiles.yml", &format!("{PROFILE}      retries: {retries}\n"));
        let port = gate(&database, 2);
        let mut command = database.karat(&shop, ["run"]);
        let (code, said) = ended(&command.env("PGHOST", "127.0.0.1").env("PGPORT", port).output().unwrap());
        assert_eq!(code, expected, "retries: {retries}: {said}");
        assert_eq!(said.contains("can't connect to"), expected == 1, "{said}");
    }
}

/// The port of a way to the server that ends as soon as it is entered, for so many times.
fn gate(database: &Database, shut: usize) -> String {
    let variables = database.variables();
    let value = |name: &str| variables.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let server = format!("{}:{}", value("PGHOST"), value("PGPORT"));
    let gate = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = gate.local_addr().unwrap().port().to_string();
    std::thread::spawn(move || {
        // With `prefer` an attempt enters twice: with TLS and without.
        for (number, near) in gate.incoming().enumerate() {
            let near = near.unwrap();
            if number >= 2 * shut {
                let far = TcpStream::connect(&server).unwrap();
                pipe(near.try_clone().unwrap(), far.try_clone().unwrap());
                pipe(far, near);
            }
        }
    });
    port
}

fn pipe(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let _ = copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
}

/// Ctrl-C while a model is built: the server stops too, and the old rows stay.
#[test]
fn an_interrupted_run_is_cancelled_on_the_server() {
    let database = Database::new();
    let table = "{{ config(materialized='table') }} ";
    let shop = project(&[("models/slow.sql", &format!("{table} select 1 as id"))]);
    database.succeed(&shop, &["run"]);
    shop.write("models/slow.sql", &format!("{table} select 2 as id, pg_sleep(60)::text as slept"));
    let busy = "select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle' \
                and application_name like 'karat model.%'";
    let mut command = database.karat(&shop, ["run"]);
    let run = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let sleeps = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep' \
                  and application_name = 'karat model.shop.slow'";
    assert!((0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        database.rows(sleeps) == ["1"]
    }));
    let sent = Command::new("kill").args(["-INT".to_owned(), run.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let (code, said) = ended(&run.wait_with_output().unwrap());
    assert_eq!(code, 130, "{said}");
    assert_eq!(database.rows(busy), ["0"]);
    assert_eq!(database.rows("select id from main.slow"), ["1"]);
    let left = "select relname from pg_class where relnamespace = 'main'::regnamespace and relkind = 'r'";
    assert_eq!(database.rows(left), ["slow"]);
}

/// Two models take the same two locks, each in its own order: the server ends one of the transactions, which is sent again.
#[test]
fn a_deadlock_is_tried_again() {
    let database = Database::new();
    database.execute("create schema main; create table main.left (); create table main.right ()");
    let model = |first: &str, second: &str| {
        format!(
            "{{{{ config(materialized='table', pre_hook=['lock table main.{first}', 'select pg_sleep(0.7)', \
             'lock table main.{second}']) }}}} select 1 as id"
        )
    };
    let shop = project(&[("models/a.sql", &model("left", "right")), ("models/b.sql", &model("right", "left"))]);
    let said = database.succeed(&shop, &["run"]);
    assert!(said.contains("PASS=2"), "{said}");
    let deadlocks = "select deadlocks > 0 from pg_stat_database where datname = current_database()";
    assert!((0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        database.rows(deadlocks) == ["true"]
    }));
}
