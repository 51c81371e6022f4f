//! Seeds: `copy … from stdin` into a table whose columns are given.
//!
//! The file is read here, so that what is a row, a cell and a missing value is the same for all engines, and written
//! to the server in the text format of `copy`.

use std::fs::File;
use std::io::{BufReader, Read};

use bytes::{BufMut, Bytes, BytesMut};
use csv::{ByteRecord, Reader, ReaderBuilder};
use futures_util::SinkExt;

use super::catalog::{quote, relation};
use super::connection::PgConnection;
use crate::seed::{plain_number, value};
use crate::{AdapterError, AdapterErrorKind, Connection, LoadMode, SeedLoad, SeedSource, Stats};

/// How much is sent at once.
const CHUNK: usize = 64 * 1024;

/// Loads all of it, or changes nothing.
pub(super) fn run(connection: &mut PgConnection, load: &SeedLoad<'_>) -> Result<Stats, AdapterError> {
    // Within a transaction of the caller's, that one decides what becomes of the load.
    let (begin, commit, rollback) = if connection.in_transaction()? {
        ("savepoint karat_load", "release savepoint karat_load", "rollback to savepoint karat_load")
    } else {
        ("begin", "commit", "rollback")
    };
    connection.execute(begin)?;
    let loaded = prepare_table(connection, load)
        .and_then(|()| copy(connection, load))
        .and_then(|rows| connection.execute(commit).map(|_| rows));
    if loaded.is_err() {
        // The load's own error is the one to report.
        let _ = connection.execute(rollback);
    }
    loaded.map(|rows| Stats { rows_affected: Some(rows), message: format!("INSERT 0 {rows}") })
}

fn prepare_table(connection: &mut PgConnection, load: &SeedLoad<'_>) -> Result<(), AdapterError> {
    let name = relation(load.relation);
    match load.mode {
        LoadMode::Truncate => connection.execute(&format!("truncate table {name}"))?,
        LoadMode::Create => {
            let columns = load.columns.iter().map(|column| format!("{} {}", quote(&column.name), column.data_type));
            let columns = columns.collect::<Vec<_>>().join(", ");
            connection.execute(&format!("drop table if exists {name}"))?;
            connection.execute(&format!("create table {name} ({columns})"))?
        }
    };
    Ok(())
}

fn copy(connection: &PgConnection, load: &SeedLoad<'_>) -> Result<u64, AdapterError> {
    let columns = load.columns.iter().map(|column| quote(&column.name)).collect::<Vec<_>>().join(", ");
    let sql = format!("copy {} ({columns}) from stdin", relation(load.relation));
    let mut lines = Lines::new(load)?;
    let fail = |error: tokio_postgres::Error| {
        let context = error.as_db_error().and_then(|server| server.where_());
        placed(connection.failed(&error, &sql), context, load)
    };
    connection.wait(async {
        let sink = connection.client().copy_in::<_, Bytes>(&sql).await.map_err(fail)?;
        let mut sink = std::pin::pin!(sink);
        while let Some(chunk) = lines.next_chunk()? {
            sink.send(chunk).await.map_err(fail)?;
        }
        sink.finish().await.map_err(fail)
    })
}

/// The rows of a file, as `copy` reads them.
struct Lines<'a> {
    reader: Reader<Box<dyn Read + Send + 'a>>,
    record: ByteRecord,
    /// What each column holds.
    holds: Vec<Holds>,
}

impl<'a> Lines<'a> {
    fn new(load: &SeedLoad<'a>) -> Result<Lines<'a>, AdapterError> {
        let mut lines = Lines {
            reader: reader(load)?,
            record: ByteRecord::new(),
            holds: load.columns.iter().map(|column| Holds::of(&column.data_type)).collect(),
        };
        // The header.
        lines.read()?;
        Ok(lines)
    }

    fn read(&mut self) -> Result<bool, AdapterError> {
        let read = self.reader.read_byte_record(&mut self.record);
        read.map_err(|error| AdapterError::new(AdapterErrorKind::Csv, error.to_string()))
    }

    fn next_chunk(&mut self) -> Result<Option<Bytes>, AdapterError> {
        let mut chunk = BytesMut::with_capacity(CHUNK + CHUNK / 4);
        while chunk.len() < CHUNK && self.read()? {
            for (at, cell) in self.record.iter().enumerate() {
                if at > 0 {
                    chunk.put_u8(b'\t');
                }
                write_cell(&mut chunk, &String::from_utf8_lossy(cell), self.holds.get(at).copied());
            }
            chunk.put_u8(b'\n');
        }
        Ok((!chunk.is_empty()).then(|| chunk.freeze()))
    }
}

fn reader<'a>(load: &SeedLoad<'a>) -> Result<Reader<Box<dyn Read + Send + 'a>>, AdapterError> {
    let source: Box<dyn Read + Send + 'a> = match load.source {
        SeedSource::Bytes(bytes) => Box::new(bytes),
        SeedSource::File(path) => Box::new(BufReader::new(
            File::open(path)
                .map_err(|error| AdapterError::new(AdapterErrorKind::Io, format!("{}: {error}", path.display())))?,
        )),
    };
    let delimiter = u8::try_from(load.delimiter).map_err(|_| {
        AdapterError::new(
            AdapterErrorKind::Csv,
            format!("the delimiter {:?} is not an ASCII character", load.delimiter),
        )
    })?;
    Ok(ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(source))
}

/// What a column holds, as far as writing its cells goes.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Whole,
    Decimals,
    Other,
}

impl Holds {
    fn of(data_type: &str) -> Holds {
        let word = data_type.split(['(', ' ']).next().unwrap_or_default().to_ascii_lowercase();
        match word.as_str() {
            "smallint" | "integer" | "int" | "int2" | "int4" | "int8" | "bigint" => Holds::Whole,
            "real" | "float" | "float4" | "float8" | "double" | "numeric" | "decimal" => Holds::Decimals,
            _ => Holds::Other,
        }
    }
}

fn write_cell(chunk: &mut BytesMut, cell: &str, holds: Option<Holds>) {
    let Some(value) = value(cell) else {
        chunk.put_slice(b"\\N");
        return;
    };
    let number = match holds {
        Some(Holds::Whole) => plain_number(value, true),
        Some(Holds::Decimals) => plain_number(value, false),
        _ => None,
    };
    write_escaped(chunk, number.as_deref().unwrap_or(cell).as_bytes());
}

/// What means something to `copy` is written with a backslash; all between goes over as it is.
fn write_escaped(chunk: &mut BytesMut, text: &[u8]) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
        chunk.put_slice(&rest[..at]);
        chunk.put_slice(match rest[at] {
            b'\t' => b"\\t",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            _ => b"\\\\",
        });
        rest = &rest[at + 1..];
    }
    chunk.put_slice(rest);
}

/// The error with the line of the file where the server names a row.
fn placed(mut error: AdapterError, context: Option<&str>, load: &SeedLoad<'_>) -> AdapterError {
    let row = context.and_then(|context| context.split(", line ").nth(1)?.split([',', ':', '\n']).next()?.parse().ok());
    (error.line, error.column) = (row.and_then(|row| line_of_row(load, row)), None);
    error
}

/// Where in the file the row of this number (from 1, without the header) begins.
fn line_of_row(load: &SeedLoad<'_>, row: u32) -> Option<u32> {
    let mut lines = Lines::new(load).ok()?;
    for _ in 0..row {
        lines.read().ok().filter(|read| *read)?;
    }
    lines.record.position().and_then(|position| u32::try_from(position.line()).ok())
}
