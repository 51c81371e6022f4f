//! Behaviours which every engine has to show.
//!
//! A test of an engine makes an [`Engine`] and runs [`cases`] against it. The cases are written in SQL that all
//! engines share; what differs between engines is a field of [`Engine`].

use std::thread;
use std::time::{Duration, Instant};

use crate::{
    Adapter, AdapterError, AdapterErrorKind, Cell, Connection, LoadMode, RelationKind, RelationName, SchemaName,
    SeedColumn, SeedLoad, SeedSource,
};

/// An engine to put to the test, with what the cases need to know about it.
pub struct Engine<'a> {
    /// The adapter. Its database may hold anything outside of the schemas `conformance_a` and `conformance_b`.
    pub adapter: &'a dyn Adapter,
    /// A query which runs for minutes if nobody stops it.
    pub slow_query: &'a str,
    /// An expression for each type, with the type's name and the cell it gives.
    pub values: Vec<(&'a str, &'a str, Cell)>,
    /// The engine's names for a whole number and for text.
    pub integer_and_text: (&'a str, &'a str),
}

/// One behaviour. Fails with what was seen instead.
pub struct Case {
    /// What is shown, as a sentence.
    pub name: &'static str,
    run: fn(&Engine<'_>) -> Outcome,
}

impl Case {
    /// Runs the case in two empty schemas.
    ///
    /// # Errors
    /// What went another way than it has to.
    pub fn run(&self, engine: &Engine<'_>) -> Result<(), String> {
        let mut connection = connect(engine)?;
        for schema in SCHEMAS {
            run(&mut *connection, &format!("drop schema if exists {schema} cascade"))?;
            run(&mut *connection, &format!("create schema {schema}"))?;
        }
        drop(connection);
        (self.run)(engine)
    }
}

type Outcome = Result<(), String>;

const SCHEMAS: [&str; 2] = ["conformance_a", "conformance_b"];

/// All behaviours.
pub fn cases() -> Vec<Case> {
    vec![
        Case { name: "a batch runs all its statements", run: batch },
        Case { name: "blanks and comments are no statement", run: nothing_to_run },
        Case { name: "tables and views are created, replaced and renamed", run: replace_and_rename },
        Case { name: "relations of several schemas come in one answer", run: relations },
        Case { name: "columns are listed in order", run: columns },
        Case { name: "a query is described without running", run: describe },
        Case { name: "values of every type arrive whole", run: values },
        Case { name: "a limit stops fetching", run: limit },
        Case { name: "errors have their kind and place", run: errors },
        Case { name: "a rolled-back transaction leaves the old table", run: rollback },
        Case { name: "two connections work at the same time", run: two_connections },
        Case { name: "a long query can be cancelled", run: cancel },
        Case { name: "seeds are loaded and replaced", run: seeds },
        Case { name: "a seed that fails changes nothing", run: failed_seed },
    ]
}

fn connect(engine: &Engine<'_>) -> Result<Box<dyn Connection>, String> {
    engine.adapter.connect().map_err(|error| format!("connect: {error}"))
}

fn run(connection: &mut dyn Connection, sql: &str) -> Outcome {
    connection.execute(sql).map(drop).map_err(|error| format!("{sql}: {error}"))
}

fn single(connection: &mut dyn Connection, sql: &str) -> Result<Cell, String> {
    let table = connection.query(sql).map_err(|error| format!("{sql}: {error}"))?;
    table.single().cloned().ok_or_else(|| format!("{sql}: no row"))
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, seen: T, expected: T) -> Outcome {
    if seen == expected { Ok(()) } else { Err(format!("{what}: saw {seen:?} instead of {expected:?}")) }
}

fn says(error: AdapterError) -> String {
    format!("{}: {error}", error.kind)
}

fn batch(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    let sql = "create table conformance_a.t (x integer); insert into conformance_a.t values (1), (2);\n\
               insert into conformance_a.t values (3);";
    let stats = connection.execute(sql).map_err(says)?;
    expect("rows of the last statement", stats.rows_affected, Some(1))?;
    let sum = single(&mut *connection, "select 1; select cast(sum(x) as integer) from conformance_a.t")?;
    expect("rows of all statements", sum, Cell::Int(6))?;
    let stats = connection.execute("create table conformance_a.u as select * from conformance_a.t").map_err(says)?;
    expect("rows of a table made from a query", stats.rows_affected, Some(3))?;
    let stats = connection.execute("create view conformance_a.v as select 1 as x").map_err(says)?;
    expect("rows of a view", stats.rows_affected, None)
}

fn nothing_to_run(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    for sql in ["", "  ;; ", "-- nothing", "/* nothing */;"] {
        run(&mut *connection, sql)?;
        let table = connection.query(sql).map_err(says)?;
        expect("columns of nothing", table.columns.len(), 0)?;
    }
    Ok(())
}

fn replace_and_rename(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    run(&mut *connection, "create table conformance_a.t as select 1 as x")?;
    run(&mut *connection, "create view conformance_a.v as select 2 as x")?;
    run(&mut *connection, "create table conformance_a.t_new as select 3 as x")?;
    run(&mut *connection, "begin; drop table conformance_a.t; alter table conformance_a.t_new rename to t; commit")?;
    expect("the renamed table", single(&mut *connection, "select x from conformance_a.t")?, Cell::Int(3))?;
    run(&mut *connection, "create or replace view conformance_a.v as select 4 as x")?;
    expect("the replaced view", single(&mut *connection, "select x from conformance_a.v")?, Cell::Int(4))
}

fn relations(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    run(&mut *connection, "create table conformance_a.t (x integer); create view conformance_b.v as select 1 as x")?;
    let asked = [SchemaName::new("conformance_a"), SchemaName::new("conformance_b"), SchemaName::new("no_such_schema")];
    let found = connection.relations(&asked).map_err(says)?;
    let seen: Vec<_> = found
        .iter()
        .map(|found| (found.name.schema.as_deref().unwrap_or_default(), found.name.identifier.as_str(), found.kind))
        .collect();
    let expected = vec![("conformance_a", "t", RelationKind::Table), ("conformance_b", "v", RelationKind::View)];
    expect("relations", seen, expected)?;
    expect("databases", found.iter().all(|found| found.name.database.is_some()), true)?;
    let schemas = connection.schemas(None).map_err(says)?;
    expect("schemas", SCHEMAS.iter().all(|name| schemas.iter().any(|schema| schema == name)), true)
}

fn columns(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    let (integer, text) = engine.integer_and_text;
    run(&mut *connection, &format!("create table conformance_a.t (b {integer}, \"A c\" {text})"))?;
    let columns = connection.columns(&RelationName::new("conformance_a", "t")).map_err(says)?;
    let seen: Vec<_> = columns.iter().map(|column| (column.name.as_str(), column.data_type.as_str())).collect();
    expect("columns", seen, vec![("b", integer), ("A c", text)])?;
    let missing = connection.columns(&RelationName::new("conformance_a", "no_such_table")).map_err(says)?;
    expect("columns of a missing relation", missing.len(), 0)?;
    let missing = connection.columns(&RelationName::new("no_such_schema", "t")).map_err(says)?;
    expect("columns in a missing schema", missing.len(), 0)
}

fn describe(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    let sql = format!("with t as (select 1 as x) select x, s.* from t, ({}) as s;", engine.slow_query);
    let columns = connection.describe(&sql).map_err(says)?;
    expect("the first column", columns.first().map(|column| column.name.as_str()), Some("x"))?;
    match connection.describe("select no_such_column\nfrom (select 1 as x) as t") {
        Err(error) => expect("the place", (error.line, error.column), (Some(1), Some(8))),
        Ok(_) => Err("a wrong query was described".to_owned()),
    }
}

fn values(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    for (expression, data_type, expected) in &engine.values {
        let sql = format!("select {expression} as x");
        let table = connection.query(&sql).map_err(|error| format!("{sql}: {error}"))?;
        expect(expression, table.single(), Some(expected))?;
        expect(expression, table.columns.first().map(|column| column.data_type.as_str()), Some(*data_type))?;
        let described = connection.describe(&sql).map_err(says)?;
        expect(expression, described, table.columns)?;
    }
    Ok(())
}

fn limit(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    run(&mut *connection, "create table conformance_a.t as select 1 as x union all select 2 union all select 3")?;
    for (limit, expected) in [(None, 3), (Some(2), 2), (Some(0), 0), (Some(9), 3)] {
        let table = connection.query_limited("select x from conformance_a.t", limit).map_err(says)?;
        expect("rows", table.rows.len(), expected)?;
        expect("columns", table.columns.len(), 1)?;
    }
    Ok(())
}

fn errors(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    run(&mut *connection, "create table conformance_a.t (amount integer)")?;
    let mut fails = |sql: &str| match connection.execute(sql) {
        Err(error) => Ok(error),
        Ok(_) => Err(format!("{sql}: did not fail")),
    };
    let error = fails("select 1;\nselec 2")?;
    expect("a syntax error", (error.kind, error.line), (AdapterErrorKind::Syntax, Some(2)))?;
    let error = fails("select 1\n, amuont from conformance_a.t")?;
    let name = "amuont".to_owned();
    expect("an unknown column", (error.kind, error.line), (AdapterErrorKind::UnknownColumn { name }, Some(2)))?;
    expect("candidates", error.candidates, vec!["amount".to_owned()])?;
    let error = fails("select * from conformance_a.no_such_table")?;
    expect("an unknown table", matches!(error.kind, AdapterErrorKind::UnknownRelation { .. }), true)?;
    let error = fails("select no_such_function(1)")?;
    expect("an unknown function", matches!(error.kind, AdapterErrorKind::UnknownFunction { .. }), true)?;
    let error = fails("select cast('x' as integer)")?;
    expect("a failed cast", error.kind, AdapterErrorKind::Conversion)?;
    let error = fails("create table conformance_a.t (x integer)")?;
    expect("a table that is there", error.kind, AdapterErrorKind::AlreadyExists)?;
    // The connection is still of use.
    expect("afterwards", single(&mut *connection, "select 1")?, Cell::Int(1))
}

fn rollback(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    run(&mut *connection, "create table conformance_a.t as select 1 as x")?;
    run(&mut *connection, "begin; drop table conformance_a.t; create table conformance_a.t as select 2 as x")?;
    if connection.execute("insert into conformance_a.t values (cast('x' as integer))").is_ok() {
        return Err("a failing insert did not fail".to_owned());
    }
    run(&mut *connection, "rollback")?;
    expect("the old table", single(&mut *connection, "select x from conformance_a.t")?, Cell::Int(1))
}

fn two_connections(engine: &Engine<'_>) -> Outcome {
    thread::scope(|scope| {
        let work = |schema: &'static str| {
            scope.spawn(move || {
                let mut connection = connect(engine)?;
                for index in 0..20 {
                    run(&mut *connection, &format!("create table {schema}.t{index} as select {index} as x"))?;
                }
                Ok::<(), String>(())
            })
        };
        let workers = SCHEMAS.map(work);
        for worker in workers {
            worker.join().map_err(|_| "a worker panicked".to_owned())??;
        }
        let found = connect(engine)?.relations(&SCHEMAS.map(SchemaName::new)).map_err(says)?;
        expect("tables", found.len(), 40)
    })
}

fn cancel(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    let stop = connection.cancel_handle();
    // An idle connection has nothing to cancel.
    stop();
    expect("after cancelling nothing", single(&mut *connection, "select 1")?, Cell::Int(1))?;
    let started = Instant::now();
    let outcome = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(100));
            stop();
        });
        connection.query(engine.slow_query)
    });
    match outcome {
        Ok(_) => return Err("the query ran to its end".to_owned()),
        Err(error) => expect("the kind", error.kind, AdapterErrorKind::Cancelled)?,
    }
    expect("within a second", started.elapsed() < Duration::from_millis(1100), true)?;
    expect("afterwards", single(&mut *connection, "select 1")?, Cell::Int(1))
}

fn seed<'a>(relation: &'a RelationName, columns: &'a [SeedColumn], csv: &'a str, mode: LoadMode) -> SeedLoad<'a> {
    SeedLoad { relation, columns, source: SeedSource::Bytes(csv.as_bytes()), delimiter: ',', mode }
}

fn seed_columns(engine: &Engine<'_>) -> Vec<SeedColumn> {
    let (integer, text) = engine.integer_and_text;
    let column = |name: &str, data_type: &str| SeedColumn { name: name.to_owned(), data_type: data_type.to_owned() };
    vec![column("Id", integer), column("some text", text)]
}

fn seeds(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    let (relation, columns) = (RelationName::new("conformance_a", "s"), seed_columns(engine));
    let csv = "Id,some text\n1,\"a, \"\"b\"\"\nc\"\n2,\n,\"\"\n";
    let stats = connection.load_csv(&seed(&relation, &columns, csv, LoadMode::Create)).map_err(says)?;
    expect("rows loaded", stats.rows_affected, Some(3))?;
    let sql = "select \"Id\", \"some text\" from conformance_a.s order by \"Id\" nulls last";
    let rows = connection.query(sql).map_err(says)?.rows;
    let text = Cell::Text("a, \"b\"\nc".to_owned());
    let expected = vec![vec![Cell::Int(1), text], vec![Cell::Int(2), Cell::Null], vec![Cell::Null, Cell::Null]];
    expect("cells", rows, expected)?;
    let csv = "Id,some text\n7,x\n";
    connection.load_csv(&seed(&relation, &columns, csv, LoadMode::Truncate)).map_err(says)?;
    expect("replaced rows", connection.query(sql).map_err(says)?.rows.len(), 1)
}

fn failed_seed(engine: &Engine<'_>) -> Outcome {
    let mut connection = connect(engine)?;
    let (relation, columns) = (RelationName::new("conformance_a", "s"), seed_columns(engine));
    let good = "Id,some text\n1,x\n";
    connection.load_csv(&seed(&relation, &columns, good, LoadMode::Create)).map_err(says)?;
    for mode in [LoadMode::Create, LoadMode::Truncate] {
        let bad = "Id,some text\n1,x\ny,z\n";
        match connection.load_csv(&seed(&relation, &columns, bad, mode)) {
            Ok(_) => return Err("a broken seed was loaded".to_owned()),
            Err(error) => expect("the error", (error.kind, error.line), (AdapterErrorKind::Conversion, Some(3)))?,
        }
        let left = connection.query("select * from conformance_a.s").map_err(says)?;
        expect("rows left", left.rows.len(), 1)?;
    }
    Ok(())
}
