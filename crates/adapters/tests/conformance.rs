//! DuckDB shows the behaviours that are asked of every engine.
#![cfg(feature = "duckdb")]

use karat_adapters::conformance::{Engine, cases};
use karat_adapters::duckdb::{DuckDb, Settings};
use karat_adapters::{Adapter, Cell, RelationName};

fn text(text: &str) -> String {
    text.to_owned()
}

fn plain_values() -> Vec<(&'static str, &'static str, Cell)> {
    vec![
        ("true", "BOOLEAN", Cell::Bool(true)),
        ("(-128)::tinyint", "TINYINT", Cell::Int(-128)),
        ("1::smallint", "SMALLINT", Cell::Int(1)),
        ("1", "INTEGER", Cell::Int(1)),
        ("9223372036854775807", "BIGINT", Cell::Int(i128::from(i64::MAX))),
        ("(-170141183460469231731687303715884105728)::hugeint", "HUGEINT", Cell::Int(i128::MIN)),
        ("255::utinyint", "UTINYINT", Cell::Int(255)),
        ("18446744073709551615::ubigint", "UBIGINT", Cell::Int(i128::from(u64::MAX))),
        ("1::uhugeint", "UHUGEINT", Cell::Int(1)),
        ("340282366920938463463374607431768211455::uhugeint", "UHUGEINT", Cell::Decimal(u128::MAX.to_string())),
        (
            "'12345678901234567890123456789012345678901234567890'::bignum",
            "BIGNUM",
            Cell::Decimal(text("12345678901234567890123456789012345678901234567890")),
        ),
        ("0.1::float", "FLOAT", Cell::Float(0.1)),
        ("1e300::double", "DOUBLE", Cell::Float(1e300)),
        ("-0.05::decimal(4,2)", "DECIMAL(4,2)", Cell::Decimal(text("-0.05"))),
        ("12.3::decimal(12,2)", "DECIMAL(12,2)", Cell::Decimal(text("12.30"))),
        ("7::decimal(38,0)", "DECIMAL(38,0)", Cell::Decimal(text("7"))),
        ("'é'", "VARCHAR", Cell::Text(text("é"))),
        ("'\\x00\\xFF'::blob", "BLOB", Cell::Bytes(vec![0, 255])),
        ("'0101'::bit", "BIT", Cell::Text(text("0101"))),
        (
            "'6ECD8C99-4036-403D-BF84-CF8400F67836'::uuid",
            "UUID",
            Cell::Uuid(text("6ecd8c99-4036-403d-bf84-cf8400f67836")),
        ),
        ("'{\"a\": 1}'::json", "JSON", Cell::Json(text("{\"a\": 1}"))),
        ("'b'::enum('a', 'b')", "ENUM('a', 'b')", Cell::Text(text("b"))),
    ]
}

fn time_values() -> Vec<(&'static str, &'static str, Cell)> {
    vec![
        ("date '2024-02-29'", "DATE", Cell::Date(text("2024-02-29"))),
        ("date '0044-03-15 (BC)'", "DATE", Cell::Date(text("0044-03-15 (BC)"))),
        ("'infinity'::date", "DATE", Cell::Date(text("infinity"))),
        ("time '24:00:00'", "TIME", Cell::Time(text("24:00:00"))),
        ("time '01:02:03.45'", "TIME", Cell::Time(text("01:02:03.45"))),
        ("'01:02:03+05:30'::timetz", "TIME WITH TIME ZONE", Cell::Time(text("01:02:03+05:30"))),
        ("timestamp '2024-01-02 03:04:05'", "TIMESTAMP", Cell::Timestamp(text("2024-01-02 03:04:05"))),
        ("timestamp '1969-12-31 23:59:59.5'", "TIMESTAMP", Cell::Timestamp(text("1969-12-31 23:59:59.5"))),
        ("'2024-01-02 03:04:05'::timestamp_s", "TIMESTAMP_S", Cell::Timestamp(text("2024-01-02 03:04:05"))),
        ("'2024-01-02 03:04:05.006'::timestamp_ms", "TIMESTAMP_MS", Cell::Timestamp(text("2024-01-02 03:04:05.006"))),
        (
            "'2024-01-02 03:04:05.123456789'::timestamp_ns",
            "TIMESTAMP_NS",
            Cell::Timestamp(text("2024-01-02 03:04:05.123456789")),
        ),
        (
            "timestamptz '2024-07-01 12:00:00+00'",
            "TIMESTAMP WITH TIME ZONE",
            Cell::TimestampTz(text("2024-07-01 17:30:00+05:30")),
        ),
        ("interval '14 months -3 days 4 hours'", "INTERVAL", Cell::Interval(text("1 year 2 months -3 days 04:00:00"))),
        ("interval '0 days'", "INTERVAL", Cell::Interval(text("00:00:00"))),
    ]
}

fn nested_values() -> Vec<(&'static str, &'static str, Cell)> {
    let one = || Cell::Int(1);
    vec![
        ("[1, null]", "INTEGER[]", Cell::List(vec![one(), Cell::Null])),
        ("[[1], []]", "INTEGER[][]", Cell::List(vec![Cell::List(vec![one()]), Cell::List(Vec::new())])),
        ("array_value(1, 1)", "INTEGER[2]", Cell::List(vec![one(), one()])),
        (
            "{'a': 1, 'B c': 'x'}",
            "STRUCT(a INTEGER, \"B c\" VARCHAR)",
            Cell::Struct(vec![(text("a"), one()), (text("B c"), Cell::Text(text("x")))]),
        ),
        (
            "map {'k': 1.5}",
            "MAP(VARCHAR, DECIMAL(2,1))",
            Cell::Map(vec![(Cell::Text(text("k")), Cell::Decimal(text("1.5")))]),
        ),
        ("union_value(num := 1)", "UNION(num INTEGER)", one()),
        (
            "[170141183460469231731687303715884105728::uhugeint]",
            "UHUGEINT[]",
            Cell::List(vec![Cell::Decimal(text("170141183460469231731687303715884105728"))]),
        ),
        (
            "{'d': date '2024-01-02', 'n': null::timestamp}",
            "STRUCT(d DATE, n TIMESTAMP)",
            Cell::Struct(vec![(text("d"), Cell::Date(text("2024-01-02"))), (text("n"), Cell::Null)]),
        ),
        ("['01'::bit]", "BIT[]", Cell::Text(text("[01]"))),
        ("1::variant", "VARIANT", Cell::Text(text("1"))),
    ]
}

fn check(settings: Settings) {
    let mut settings = settings;
    settings.settings.insert(text("TimeZone"), text("Asia/Kolkata"));
    let adapter = DuckDb::new(settings);
    let engine = Engine {
        adapter: &adapter,
        slow_query: "select count(*) as n from range(100_000_000_000) as t(i) where i % 7 = 3",
        values: [plain_values(), time_values(), nested_values()].concat(),
        integer_and_text: ("INTEGER", "VARCHAR"),
    };
    let failures: Vec<String> = cases()
        .iter()
        .filter_map(|case| case.run(&engine).err().map(|reason| format!("{}: {reason}", case.name)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn in_memory() {
    check(Settings::default());
}

#[test]
fn in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    check(Settings::file(folder.path().join("new/folder/shop.duckdb")));
}

/// All types at their limits print as the engine prints them.
#[test]
fn all_types_print_as_the_engine_prints_them() {
    let adapter = DuckDb::new(Settings::default());
    let mut connection = adapter.connect().unwrap();
    connection.execute("set TimeZone = 'America/St_Johns'; create table t as from test_all_types()").unwrap();
    let printed = connection.query("select columns(*)::varchar from t").unwrap();
    let read = connection.query("select * from t").unwrap();
    let described = connection.columns(&RelationName::new("main", "t")).unwrap();
    for (index, column) in read.columns.iter().enumerate() {
        assert_eq!(column.data_type, described[index].data_type, "{}", column.name);
        // The engine rounds when it prints the last instant it knows with a zone, and prints texts within others quoted.
        let is_exact = column.name != "timestamp_tz"
            && !matches!(column.data_type.as_str(), "BLOB" | "VARCHAR")
            && !column.data_type.contains(['[', '(']);
        for (row, expected) in read.rows.iter().zip(&printed.rows) {
            if is_exact {
                assert_eq!(row[index].to_string(), expected[index].to_string(), "{}", column.name);
            }
        }
    }
}

/// Instants print in the session's time zone as the engine prints them, over many changes of the clocks.
#[test]
fn instants_print_as_the_engine_prints_them() {
    let adapter = DuckDb::new(Settings::default());
    let mut connection = adapter.connect().unwrap();
    for zone in ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe"] {
        connection.execute(&format!("set TimeZone = '{zone}'")).unwrap();
        let instants = "range(timestamptz '1700-01-01 00:00:00.25+00', timestamptz '2300-01-01', interval '997 hours')";
        let table = connection.query(&format!("select t, t::varchar from {instants} as r(t)")).unwrap();
        assert!(table.rows.len() > 5_000);
        for row in &table.rows {
            assert_eq!(row[0].to_string(), row[1].to_string(), "{zone}");
        }
    }
}

/// Every day of many centuries, and intervals of both signs.
#[test]
fn dates_and_intervals_print_as_the_engine_prints_them() {
    let mut connection = DuckDb::new(Settings::default()).connect().unwrap();
    for values in [
        "select (date '0001-01-01' + (i * 13 - 2_000_000)::integer) as t from range(300_000) as r(i)",
        "select to_months((i % 31 - 15)::integer) + to_days((i % 7 - 3)::integer) + to_microseconds(i * i * 77_777_777 - 5_000_000_000) as t from range(2_000) as r(i)",
        "select (i * 0.1)::float as t from range(1_000) as r(i)",
        "select power(10, i - 20) / 3 as t from range(40) as r(i)",
    ] {
        let table = connection.query(&format!("select t, t::varchar from ({values})")).unwrap();
        for row in &table.rows {
            assert_eq!(row[0].to_string(), row[1].to_string());
        }
    }
}
