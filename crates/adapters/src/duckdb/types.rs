//! DuckDB's types as a tree, and their names.

use std::fmt;

use duckdb::core::{LogicalTypeHandle, LogicalTypeId};

use super::names::quote_if_needed;

/// A type of a result's column. Displays as DuckDB names it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DuckType {
    /// A type without parts.
    Plain(LogicalTypeId),
    /// Width and scale.
    Decimal(u8, u8),
    /// `JSON` or a type which the user created: the alias and what is behind it.
    Alias(String, Box<DuckType>),
    /// A list of any length.
    List(Box<DuckType>),
    /// A list of one length; 0 where that is not known.
    Array(Box<DuckType>, usize),
    /// Named fields.
    Struct(Vec<(String, DuckType)>),
    /// Keys and values.
    Map(Box<DuckType>, Box<DuckType>),
    /// One of several named members.
    Union(Vec<(String, DuckType)>),
    /// The texts are known only once a row has been fetched.
    Enum(Vec<String>),
}

impl DuckType {
    /// Reads a type from the driver.
    pub(super) fn read(handle: &LogicalTypeHandle) -> DuckType {
        let plain = DuckType::read_unaliased(handle);
        match handle.get_alias() {
            Some(alias) => DuckType::Alias(alias, Box::new(plain)),
            None => plain,
        }
    }

    fn read_unaliased(handle: &LogicalTypeHandle) -> DuckType {
        let child = |index| Box::new(DuckType::read(&handle.child(index)));
        let members = || {
            let count = handle.num_children();
            (0..count).map(|index| (handle.child_name(index), DuckType::read(&handle.child(index)))).collect()
        };
        match handle.id() {
            LogicalTypeId::Decimal => DuckType::Decimal(handle.decimal_width(), handle.decimal_scale()),
            LogicalTypeId::List => DuckType::List(child(0)),
            LogicalTypeId::Array => DuckType::Array(child(0), 0),
            LogicalTypeId::Map => DuckType::Map(child(0), child(1)),
            LogicalTypeId::Struct => DuckType::Struct(members()),
            LogicalTypeId::Union => DuckType::Union(members()),
            LogicalTypeId::Enum => DuckType::Enum(Vec::new()),
            id => DuckType::Plain(id),
        }
    }

    /// The same with what only the Arrow form of the result tells: the lengths of arrays.
    pub(super) fn complete(&mut self, arrow: &duckdb::arrow::datatypes::DataType) {
        use duckdb::arrow::datatypes::DataType;
        match (self, arrow) {
            (DuckType::Alias(_, inner), arrow) => inner.complete(arrow),
            (DuckType::Array(inner, length), DataType::FixedSizeList(field, size)) => {
                *length = usize::try_from(*size).unwrap_or(0);
                inner.complete(field.data_type());
            }
            (DuckType::List(inner), DataType::List(field) | DataType::LargeList(field)) => {
                inner.complete(field.data_type());
            }
            (DuckType::Struct(members), DataType::Struct(fields)) => {
                for ((_, member), field) in members.iter_mut().zip(fields) {
                    member.complete(field.data_type());
                }
            }
            _ => {}
        }
    }

    /// Whether the driver hands out the whole value; other types are cast to text by the engine.
    pub(super) fn is_readable(&self) -> bool {
        match self {
            DuckType::Plain(id) => is_readable(*id),
            DuckType::Decimal(..) | DuckType::Enum(_) => true,
            DuckType::Alias(_, inner) | DuckType::List(inner) | DuckType::Array(inner, _) => inner.is_readable(),
            DuckType::Map(key, value) => key.is_readable() && value.is_readable(),
            DuckType::Struct(members) | DuckType::Union(members) => {
                members.iter().all(|(_, member)| member.is_readable())
            }
        }
    }

    /// Whether a value in it needs the session's time zone to be printed.
    pub(super) fn needs_time_zone(&self) -> bool {
        match self {
            DuckType::Plain(id) => *id == LogicalTypeId::TimestampTZ,
            DuckType::Decimal(..) | DuckType::Enum(_) => false,
            DuckType::Alias(_, inner) | DuckType::List(inner) | DuckType::Array(inner, _) => inner.needs_time_zone(),
            DuckType::Map(key, value) => key.needs_time_zone() || value.needs_time_zone(),
            DuckType::Struct(members) | DuckType::Union(members) => {
                members.iter().any(|(_, member)| member.needs_time_zone())
            }
        }
    }
}

fn is_readable(id: LogicalTypeId) -> bool {
    use LogicalTypeId as Id;
    matches!(
        id,
        Id::Boolean
            | Id::Tinyint
            | Id::Smallint
            | Id::Integer
            | Id::Bigint
            | Id::UTinyint
            | Id::USmallint
            | Id::UInteger
            | Id::UBigint
            | Id::Hugeint
            | Id::UHugeint
            | Id::Float
            | Id::Double
            | Id::Varchar
            | Id::Blob
            | Id::Date
            | Id::Time
            | Id::Timestamp
            | Id::TimestampS
            | Id::TimestampMs
            | Id::TimestampNs
            | Id::TimestampTZ
            | Id::Interval
            | Id::Uuid
            | Id::SqlNull
    )
}

fn plain_name(id: LogicalTypeId) -> &'static str {
    use LogicalTypeId as Id;
    match id {
        Id::Boolean => "BOOLEAN",
        Id::Tinyint => "TINYINT",
        Id::Smallint => "SMALLINT",
        Id::Integer => "INTEGER",
        Id::Bigint => "BIGINT",
        Id::UTinyint => "UTINYINT",
        Id::USmallint => "USMALLINT",
        Id::UInteger => "UINTEGER",
        Id::UBigint => "UBIGINT",
        Id::Hugeint => "HUGEINT",
        Id::UHugeint => "UHUGEINT",
        Id::Float => "FLOAT",
        Id::Double => "DOUBLE",
        Id::Varchar | Id::StringLiteral => "VARCHAR",
        Id::Blob => "BLOB",
        Id::Date => "DATE",
        Id::Time => "TIME",
        Id::TimeNs => "TIME_NS",
        Id::TimeTZ => "TIME WITH TIME ZONE",
        Id::Timestamp => "TIMESTAMP",
        Id::TimestampS => "TIMESTAMP_S",
        Id::TimestampMs => "TIMESTAMP_MS",
        Id::TimestampNs => "TIMESTAMP_NS",
        Id::TimestampTZ => "TIMESTAMP WITH TIME ZONE",
        Id::Interval => "INTERVAL",
        Id::Uuid => "UUID",
        Id::Bit => "BIT",
        Id::Bignum => "BIGNUM",
        Id::Geometry => "GEOMETRY",
        Id::Variant => "VARIANT",
        Id::SqlNull => "\"NULL\"",
        Id::IntegerLiteral => "INTEGER_LITERAL",
        Id::Any => "ANY",
        _ => "UNKNOWN",
    }
}

impl fmt::Display for DuckType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DuckType::Plain(id) => f.write_str(plain_name(*id)),
            DuckType::Decimal(width, scale) => write!(f, "DECIMAL({width},{scale})"),
            DuckType::Alias(alias, _) => f.write_str(alias),
            DuckType::List(inner) => write!(f, "{inner}[]"),
            DuckType::Array(inner, length) => write!(f, "{inner}[{length}]"),
            DuckType::Map(key, value) => write!(f, "MAP({key}, {value})"),
            DuckType::Struct(members) => write_members(f, "STRUCT", members),
            DuckType::Union(members) => write_members(f, "UNION", members),
            DuckType::Enum(texts) if texts.is_empty() => f.write_str("ENUM"),
            DuckType::Enum(texts) => {
                let quoted: Vec<String> = texts.iter().map(|text| super::names::literal(text)).collect();
                write!(f, "ENUM({})", quoted.join(", "))
            }
        }
    }
}

fn write_members(f: &mut fmt::Formatter<'_>, word: &str, members: &[(String, DuckType)]) -> fmt::Result {
    write!(f, "{word}(")?;
    for (index, (name, member)) in members.iter().enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        write!(f, "{separator}{} {member}", quote_if_needed(name))?;
    }
    f.write_str(")")
}
