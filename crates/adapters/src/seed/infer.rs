//! Finds what the cells of each column have in common.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::literal::{self, Number};
use super::{InferredColumn, SeedType};
use crate::{AdapterError, AdapterErrorKind};

/// The digits that dbt computes decimals with; a column's decimals count only within them.
const PRECISION: i64 = 28;

pub(super) fn columns(csv: &[u8], delimiter: char, as_text: &[&str]) -> Result<Vec<InferredColumn>, AdapterError> {
    let mut reader = reader(csv, delimiter)?;
    let mut record = ByteRecord::new();
    if !read(&mut reader, &mut record)? {
        return Err(AdapterError::new(AdapterErrorKind::Csv, "the file has no header line").at_line(1));
    }
    let names = column_names(&texts(&record, 1)?);
    let mut candidates: Vec<Candidates> =
        names.iter().map(|name| Candidates::new(as_text.contains(&name.as_str()))).collect();
    while read(&mut reader, &mut record)? {
        let line = record.position().and_then(|position| u32::try_from(position.line()).ok()).unwrap_or(1);
        check_width(&record, names.len(), line)?;
        for (candidates, cell) in candidates.iter_mut().zip(&record) {
            candidates.narrow(text(cell, line)?);
        }
    }
    let kinds = candidates.iter().map(Candidates::kind);
    Ok(names.into_iter().zip(kinds).map(|(name, kind)| InferredColumn { name, kind }).collect())
}

/// All cells of a text, the header first.
pub(super) fn rows(csv: &str) -> Result<Vec<Vec<String>>, AdapterError> {
    let mut reader = reader(csv.as_bytes(), ',')?;
    let mut record = ByteRecord::new();
    let mut found = Vec::new();
    while read(&mut reader, &mut record)? {
        found.push(texts(&record, 1)?.into_iter().map(str::to_owned).collect());
    }
    Ok(found)
}

fn reader(csv: &[u8], delimiter: char) -> Result<Reader<&[u8]>, AdapterError> {
    let Some(delimiter) = u8::try_from(delimiter).ok().filter(u8::is_ascii) else {
        let message = format!("the delimiter {delimiter:?} is not an ASCII character");
        return Err(AdapterError::new(AdapterErrorKind::Csv, message));
    };
    let content = csv.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(csv);
    Ok(ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(content))
}

fn read(reader: &mut Reader<&[u8]>, record: &mut ByteRecord) -> Result<bool, AdapterError> {
    reader.read_byte_record(record).map_err(|error| AdapterError::new(AdapterErrorKind::Csv, error.to_string()))
}

fn texts(record: &ByteRecord, line: u32) -> Result<Vec<&str>, AdapterError> {
    record.iter().map(|cell| text(cell, line)).collect()
}

fn text(cell: &[u8], line: u32) -> Result<&str, AdapterError> {
    std::str::from_utf8(cell).map_err(|_| {
        AdapterError::new(AdapterErrorKind::Csv, "the text is not UTF-8")
            .at_line(line)
            .with_hint("save the file as UTF-8")
    })
}

fn check_width(record: &ByteRecord, width: usize, line: u32) -> Result<(), AdapterError> {
    if record.len() == width {
        return Ok(());
    }
    let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
    let message = format!("the row has {}, the header has {width}", cells(record.len()));
    Err(AdapterError::new(AdapterErrorKind::Csv, message)
        .at_line(line)
        .with_hint("put cells which contain the delimiter or a line break between double quotes"))
}

/// Missing names become letters, repeated ones get numbers.
fn column_names(header: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (index, given) in header.iter().enumerate() {
        let base = if given.is_empty() { letter(index) } else { (*given).to_owned() };
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|name| !names.contains(name));
        names.push(free.unwrap_or(base));
    }
    names
}

/// `a` to `z`, then `aa`, `bb` and so on.
fn letter(index: usize) -> String {
    let letters = b"abcdefghijklmnopqrstuvwxyz";
    char::from(letters[index % letters.len()]).to_string().repeat(index / letters.len() + 1)
}

/// What a column may still be.
struct Candidates {
    number: bool,
    date: bool,
    timestamp: bool,
    iso_timestamp: bool,
    boolean: bool,
    measures: Measures,
}

/// What all numbers of a column have together.
#[derive(Default)]
struct Measures {
    /// The most digits before the decimal point; at least 1.
    whole: i64,
    /// The most digits after it.
    decimals: i64,
    /// Whether one is `nan` or infinite.
    has_non_finite: bool,
    /// Whether one is whole and does not fit into 32 bits.
    beyond_32_bits: bool,
    /// Whether one is whole and does not fit into 64 bits.
    beyond_64_bits: bool,
}

impl Candidates {
    fn new(is_text: bool) -> Candidates {
        let open = !is_text;
        Candidates {
            number: open,
            date: open,
            timestamp: open,
            iso_timestamp: open,
            boolean: open,
            measures: Measures { whole: 1, ..Measures::default() },
        }
    }

    fn narrow(&mut self, cell: &str) {
        let trimmed = cell.trim();
        if literal::is_null(trimmed) {
            return;
        }
        if self.number {
            match literal::number(trimmed) {
                Some(number) => self.measures.add(&number),
                None => self.number = false,
            }
        }
        self.date = self.date && literal::is_date(trimmed);
        self.timestamp = self.timestamp && literal::is_timestamp(trimmed);
        self.iso_timestamp = self.iso_timestamp && literal::is_iso_timestamp(trimmed);
        self.boolean = self.boolean && literal::is_boolean(cell);
    }

    fn kind(&self) -> SeedType {
        if self.number {
            self.measures.kind()
        } else if self.date {
            SeedType::Date
        } else if self.timestamp || self.iso_timestamp {
            SeedType::Timestamp
        } else if self.boolean {
            SeedType::Boolean
        } else {
            SeedType::Text
        }
    }
}

impl Measures {
    fn add(&mut self, number: &Number) {
        match number {
            Number::NonFinite => self.has_non_finite = true,
            Number::Finite { digits, exponent, value } => {
                self.whole = self.whole.max(digits + exponent);
                self.decimals = self.decimals.max(-exponent);
                if *exponent >= 0 {
                    self.beyond_32_bits |= value.is_none_or(|value| i32::try_from(value).is_err());
                    self.beyond_64_bits |= value.is_none();
                }
            }
        }
    }

    fn kind(&self) -> SeedType {
        let decimals = if self.whole + self.decimals > PRECISION { PRECISION - self.whole } else { self.decimals };
        if decimals != 0 || self.has_non_finite || self.beyond_64_bits {
            SeedType::Float
        } else if self.beyond_32_bits {
            SeedType::BigInteger
        } else {
            SeedType::Integer
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(csv: &str) -> Vec<SeedType> {
        columns(csv.as_bytes(), ',', &[]).unwrap().into_iter().map(|column| column.kind).collect()
    }

    #[test]
    fn numbers_beyond_dbt() {
        assert_eq!(kinds("a\n2147483648\n"), [SeedType::BigInteger]);
        assert_eq!(kinds("a\n9223372036854775808\n"), [SeedType::Float]);
        assert_eq!(kinds("a\nnan\n1\n"), [SeedType::Float]);
    }

    #[test]
    fn text_columns_are_not_looked_at() {
        let columns = columns(b"a,b\n1,1\n", ',', &["a"]).unwrap();
        assert_eq!(columns[0].kind, SeedType::Text);
        assert_eq!(columns[1].kind, SeedType::Integer);
    }

    #[test]
    fn broken_files_say_where() {
        let error = columns(b"a,b\n1,2\n3\n", ',', &[]).unwrap_err();
        assert_eq!((error.kind, error.line), (AdapterErrorKind::Csv, Some(3)));
        assert_eq!(error.message, "the row has 1 cell, the header has 2");
        assert_eq!(columns(b"", ',', &[]).unwrap_err().message, "the file has no header line");
        assert_eq!(columns(b"a\n\xFF\n", ',', &[]).unwrap_err().line, Some(2));
    }

    #[test]
    fn names_are_made_unique() {
        assert_eq!(column_names(&["a", "a", "", "a", "a_2"]), ["a", "a_2", "c", "a_3", "a_2_2"]);
        assert_eq!(letter(26), "aa");
    }
}
