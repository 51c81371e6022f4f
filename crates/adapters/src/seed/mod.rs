//! Seeds: CSV files which become tables.
//!
//! [`infer_csv`] looks at every cell and finds the types that dbt would; [`seed_columns`] turns them into an
//! engine's types, with the types a person asked for in place of the found ones; and
//! [`Connection::load_csv`](crate::Connection::load_csv) loads the file.
//!
//! Two things differ from dbt on purpose, both where dbt fails to load the file: whole numbers beyond 32 bits
//! become `BigInteger` (beyond 64 bits `Float`), and a column of whole numbers with a `nan` or `inf` in it becomes
//! `Float`.

mod infer;
mod literal;

use std::borrow::Cow;
use std::path::Path;

use crate::{AdapterError, RelationName};

/// A column of a seed: its name, kept as in the file, and the type to give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedColumn {
    /// The name, unquoted.
    pub name: String,
    /// The engine's name of the type.
    pub data_type: String,
}

/// A column of a CSV file and what its cells have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferredColumn {
    /// The name. A missing one is replaced by a letter for its place (`b` for the second), and a repeated one
    /// gets a number (`x`, `x_2`), as dbt does.
    pub name: String,
    /// What fits all cells.
    pub kind: SeedType,
}

/// The types that seeds can have without being told. [`Adapter::seed_type`](crate::Adapter::seed_type) gives an
/// engine's name for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeedType {
    /// Anything.
    Text,
    /// Whole numbers of 32 bits; also columns without any value.
    Integer,
    /// Whole numbers of 64 bits.
    BigInteger,
    /// Numbers with decimals, and very large ones.
    Float,
    /// `true` and `false` in any case.
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD HH:MM:SS`, or ISO 8601 with a `T`.
    Timestamp,
}

/// What happens to a table which is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadMode {
    /// Replace it, whatever its columns were.
    Create,
    /// Keep the table and its columns, and replace its rows.
    Truncate,
}

/// Where a CSV file's content is: UTF-8 with a header line, with or without a byte order mark.
#[derive(Debug, Clone, Copy)]
pub enum SeedSource<'a> {
    /// On disk; engines which can will read it themselves.
    File(&'a Path),
    /// In memory.
    Bytes(&'a [u8]),
}

/// One seed to load. An empty cell, quoted or not, becomes NULL; other cells are taken as they are, blanks
/// included.
#[derive(Debug, Clone, Copy)]
pub struct SeedLoad<'a> {
    /// The table to fill. Its schema must exist.
    pub relation: &'a RelationName,
    /// All columns of the file, in its order.
    pub columns: &'a [SeedColumn],
    /// The file.
    pub source: SeedSource<'a>,
    /// What separates cells: one ASCII character.
    pub delimiter: char,
    /// What to do with a table which is already there.
    pub mode: LoadMode,
}

/// The columns of a CSV file with the types that dbt would find. Columns in `as_text`, compared exactly, are
/// text whatever is in them.
///
/// # Errors
/// Kind `Csv` when there is no header line, when a row has more or fewer cells than it (with the line), when the
/// text is not UTF-8, or when `delimiter` is not one ASCII character.
pub fn infer_csv(csv: &[u8], delimiter: char, as_text: &[&str]) -> Result<Vec<InferredColumn>, AdapterError> {
    infer::columns(csv, delimiter, as_text)
}

/// All cells of CSV text, its header first. Rows may be of different lengths.
///
/// # Errors
/// Kind `Csv`: it can't be read.
pub fn rows(csv: &str) -> Result<Vec<Vec<String>>, AdapterError> {
    infer::rows(csv)
}

/// A cell without blanks around it, for engines that do not read the file themselves; `None` where dbt finds nothing
/// in it.
#[cfg(feature = "postgres")]
pub(crate) fn value(cell: &str) -> Option<&str> {
    let trimmed = cell.trim();
    (!literal::is_null(trimmed)).then_some(trimmed)
}

/// A number as SQL reads it, for those same engines; `is_whole`: for a column of whole numbers.
#[cfg(feature = "postgres")]
pub(crate) fn plain_number(trimmed: &str, is_whole: bool) -> Option<Cow<'_, str>> {
    literal::plain_number(trimmed, is_whole)
}

/// The columns to load: the type from `overrides` (pairs of name and type, names compared exactly) where there is
/// one, else `type_name` of the inferred kind.
pub fn seed_columns(
    inferred: &[InferredColumn],
    overrides: &[(String, String)],
    type_name: impl Fn(SeedType) -> &'static str,
) -> Vec<SeedColumn> {
    let data_type = |column: &InferredColumn| {
        let given = overrides.iter().find(|(name, _)| *name == column.name);
        given.map_or_else(|| type_name(column.kind).to_owned(), |(_, data_type)| data_type.clone())
    };
    let column = |column: &InferredColumn| SeedColumn { name: column.name.clone(), data_type: data_type(column) };
    inferred.iter().map(column).collect()
}
