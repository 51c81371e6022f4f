//! A real server shows the behaviours that are asked of every engine, and those of Postgres.
#![cfg(feature = "postgres")]

use karat_adapters::conformance::{Engine, cases};
use karat_adapters::postgres::{Postgres, Settings};
use karat_adapters::{Adapter, AdapterErrorKind, Cell, Connection};
use percent_encoding::percent_decode_str;

/// The server of `KARAT_TEST_POSTGRES_URL`: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
fn server() -> Settings {
    let url = std::env::var("KARAT_TEST_POSTGRES_URL")
        .expect("KARAT_TEST_POSTGRES_URL is not set: run this by scripts/with-postgres (scripts/test does), or set it");
    let read = || {
        let (login, place) = url.strip_prefix("postgres://")?.split_once('@')?;
        let ((user, password), (address, dbname)) = (login.split_once(':')?, place.split_once('/')?);
        let (host, port) = address.split_once(':')?;
        let text = |part: &str| percent_decode_str(part).decode_utf8().ok().map(|text| text.into_owned());
        Some(Settings {
            host: text(host),
            port: port.parse().ok(),
            user: text(user),
            password: text(password),
            dbname: text(dbname),
            ..Settings::default()
        })
    };
    read().expect("KARAT_TEST_POSTGRES_URL is not postgres://USER:PASSWORD@HOST:PORT/DATABASE")
}

fn connect(settings: Settings) -> Box<dyn Connection> {
    Postgres::new(settings).connect().unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn plain_values() -> Vec<(&'static str, &'static str, Cell)> {
    vec![
        ("true", "boolean", Cell::Bool(true)),
        ("1::smallint", "smallint", Cell::Int(1)),
        ("1", "integer", Cell::Int(1)),
        ("9223372036854775807", "bigint", Cell::Int(i128::from(i64::MAX))),
        ("0.1::real", "real", Cell::Float(0.1)),
        ("1e300::double precision", "double precision", Cell::Float(1e300)),
        ("'-Infinity'::float8", "double precision", Cell::Float(f64::NEG_INFINITY)),
        ("-0.05::numeric(4,2)", "numeric", Cell::Decimal(text("-0.05"))),
        ("(12.3::numeric(12,2))", "numeric(12,2)", Cell::Decimal(text("12.30"))),
        ("1e40::numeric", "numeric", Cell::Decimal(format!("1{}", "0".repeat(40)))),
        ("'é'", "text", Cell::Text(text("é"))),
        ("'ab'::varchar(5)", "character varying(5)", Cell::Text(text("ab"))),
        ("'ab'::char(3)", "character(3)", Cell::Text(text("ab "))),
        ("'\\x00ff'::bytea", "bytea", Cell::Bytes(vec![0, 255])),
        ("B'0101'", "bit", Cell::Text(text("0101"))),
        (
            "'6ECD8C99-4036-403D-BF84-CF8400F67836'::uuid",
            "uuid",
            Cell::Uuid(text("6ecd8c99-4036-403d-bf84-cf8400f67836")),
        ),
        ("'{\"a\": 1}'::json", "json", Cell::Json(text("{\"a\": 1}"))),
        ("'{\"a\":1}'::jsonb", "jsonb", Cell::Json(text("{\"a\": 1}"))),
        ("'192.0.2.1/24'::inet", "inet", Cell::Text(text("192.0.2.1/24"))),
        ("array[1, null]", "integer[]", Cell::List(vec![Cell::Int(1), Cell::Null])),
        ("array[date '2024-01-02']", "date[]", Cell::List(vec![Cell::Date(text("2024-01-02"))])),
        ("row(1, 'x')", "record", Cell::Text(text("(1,x)"))),
    ]
}

fn time_values() -> Vec<(&'static str, &'static str, Cell)> {
    vec![
        ("date '2024-02-29'", "date", Cell::Date(text("2024-02-29"))),
        ("date '0044-03-15 BC'", "date", Cell::Date(text("0044-03-15 (BC)"))),
        ("'infinity'::date", "date", Cell::Date(text("infinity"))),
        ("time '24:00:00'", "time without time zone", Cell::Time(text("24:00:00"))),
        ("'01:02:03+05:30'::timetz", "time with time zone", Cell::Time(text("01:02:03+05:30"))),
        (
            "timestamp '1969-12-31 23:59:59.5'",
            "timestamp without time zone",
            Cell::Timestamp(text("1969-12-31 23:59:59.5")),
        ),
        (
            "'2024-01-02 03:04:05.006'::timestamp(3)",
            "timestamp(3) without time zone",
            Cell::Timestamp(text("2024-01-02 03:04:05.006")),
        ),
        (
            "timestamptz '2024-07-01 12:00:00+00'",
            "timestamp with time zone",
            Cell::TimestampTz(text("2024-07-01 17:30:00+05:30")),
        ),
        ("interval '14 months -3 days 4 hours'", "interval", Cell::Interval(text("1 year 2 mons -3 days +04:00:00"))),
    ]
}

#[test]
fn it_does_what_every_engine_does() {
    let mut settings = server();
    settings.search_path = Some(text("public"));
    let adapter = Postgres::new(settings);
    let user = server().user.unwrap();
    adapter.connect().unwrap().execute(&format!("alter role \"{user}\" set timezone = 'Asia/Kolkata'")).unwrap();
    let engine = Engine {
        adapter: &adapter,
        slow_query: "select count(*) as n from pg_sleep(600)",
        values: [plain_values(), time_values()].concat(),
        integer_and_text: ("integer", "text"),
    };
    let failures: Vec<String> = cases()
        .iter()
        .filter_map(|case| case.run(&engine).err().map(|reason| format!("{}: {reason}", case.name)))
        .collect();
    adapter.connect().unwrap().execute(&format!("alter role \"{user}\" reset timezone")).unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every type of the server, plain and with modifiers, is named as the server names it.
#[test]
fn types_are_named_as_the_server_names_them() {
    let mut connection = connect(server());
    let types = connection
        .query(
            "select format_type(t.oid, null) from pg_type t left join pg_type e on e.oid = t.typelem \
             where t.typtype in ('b', 'r', 'm') and coalesce(e.typtype, 'b') in ('b', 'r', 'm') \
             and t.typcategory <> 'Z' and t.typnamespace = 'pg_catalog'::regnamespace",
        )
        .unwrap();
    let mut names: Vec<String> = types.rows.iter().map(|row| row[0].to_string()).collect();
    assert!(names.len() > 100);
    names.extend(
        ["numeric(10,0)", "numeric(5,2)[]", "varchar(7)[]", "bit varying(3)", "time(2) with time zone", "interval(3)"]
            .map(text),
    );
    names
        .extend(["interval day to second(2)", "interval year to month", "timestamp(0)", "char(1)", "bpchar"].map(text));
    for name in names {
        let sql = format!("select pg_typeof(x)::text, x from (select null::{name} as x) as t");
        let seen = connection.describe(&sql).unwrap()[1].data_type.clone();
        let table = format!("create temporary table named as select null::{name} as x");
        connection.execute(&format!("drop table if exists named; {table}")).unwrap();
        let asked = "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'named'::regclass and attnum = 1";
        let expected = connection.query(asked).unwrap().single().unwrap().to_string();
        assert_eq!(seen, expected, "{name}");
    }
}

#[test]
fn passwords_that_are_wrong_are_told_of_without_showing_them() {
    let settings = Settings { password: Some(text("wrong-password")), ..server() };
    let error = Postgres::new(settings).connect().err().unwrap();
    assert_eq!(error.kind, AdapterErrorKind::Connect);
    assert!(error.message.contains("password authentication failed"), "{}", error.message);
    assert!(!format!("{error:?}").contains("wrong-password"));
}

#[test]
fn tls_is_what_sslmode_asks_for() {
    let authority = std::env::var("KARAT_TEST_POSTGRES_CA").ok().map(std::path::PathBuf::from);
    let Some(authority) = authority else {
        // A server of somebody's own: only that it can be reached as it is.
        connect(server());
        return;
    };
    let is_private = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    for (mode, host, root, expected) in [
        ("disable", "127.0.0.1", false, Some(false)),
        ("allow", "127.0.0.1", false, Some(false)),
        ("prefer", "127.0.0.1", false, Some(true)),
        ("require", "127.0.0.1", false, Some(true)),
        ("verify-ca", "127.0.0.1", true, Some(true)),
        ("verify-full", "localhost", true, Some(true)),
        // The certificate is for `localhost`.
        ("verify-full", "127.0.0.1", true, None),
        ("verify-full", "localhost", false, None),
    ] {
        let settings = Settings {
            host: Some(text(host)),
            sslmode: Some(text(mode)),
            sslrootcert: root.then(|| authority.clone()),
            ..server()
        };
        match (Postgres::new(settings).connect(), expected) {
            (Ok(mut connection), Some(expected)) => {
                let seen = connection.query(is_private).unwrap();
                assert_eq!(seen.single(), Some(&Cell::Bool(expected)), "{mode} {host}");
            }
            (Err(error), None) => assert!(error.message.contains("ertificate"), "{mode} {host}: {}", error.message),
            (Ok(_), None) => panic!("{mode} {host}: connected"),
            (Err(error), Some(_)) => panic!("{mode} {host}: {error}"),
        }
    }
}

#[test]
fn labels_are_what_the_server_calls_the_connection() {
    let mut connection = connect(server());
    connection.set_label("it's model.shop.x").unwrap();
    let seen = connection.query("show application_name").unwrap();
    assert_eq!(seen.single(), Some(&Cell::Text(text("karat it's model.shop.x"))));
}

/// The server ends the connection's process; afterwards there is a new one, which can be cancelled too.
#[test]
fn a_lost_connection_comes_back() {
    let mut connection = connect(server());
    let cancel = connection.cancel_handle();
    let pid = connection.query("select pg_backend_pid()").unwrap().single().unwrap().to_string();
    let ended = connection.execute(&format!("select pg_terminate_backend({pid}), pg_sleep(60)")).unwrap_err();
    assert_eq!(ended.kind, AdapterErrorKind::Connect);
    assert!(ended.may_pass());
    connection.revive().unwrap();
    let now = connection.query("select pg_backend_pid()").unwrap().single().unwrap().to_string();
    assert_ne!(now, pid);
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            cancel();
        });
        connection.execute("select pg_sleep(60)").unwrap_err()
    });
    assert_eq!(error.kind, AdapterErrorKind::Cancelled);
}
