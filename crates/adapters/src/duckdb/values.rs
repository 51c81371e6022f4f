//! Cells out of the Arrow arrays that results arrive in.

use duckdb::arrow::array::{self, Array, AsArray};
use duckdb::arrow::datatypes::{self as arrow, ArrowPrimitiveType};
use duckdb::core::LogicalTypeId;
use jiff::tz::TimeZone;

use super::time;
use super::types::DuckType;
use crate::Cell;

/// Why a cell could not be read: the driver sent another array than the type announces.
#[derive(Debug)]
pub(super) struct Unreadable;

type Result<T> = std::result::Result<T, Unreadable>;

/// The cell of `array` at `row`. `zone` is the session's time zone.
pub(super) fn cell(duck: &DuckType, array: &dyn Array, row: usize, zone: &TimeZone) -> Result<Cell> {
    if array.is_null(row) {
        return Ok(Cell::Null);
    }
    match duck {
        DuckType::Plain(id) => plain(*id, array, row, zone),
        DuckType::Decimal(_, scale) => decimal(array, row, *scale),
        DuckType::Alias(name, inner) => Ok(match (cell(inner, array, row, zone)?, name.as_str()) {
            (Cell::Text(text), "JSON") => Cell::Json(text),
            (other, _) => other,
        }),
        DuckType::List(inner) => list(inner, &list_values(array, row)?, zone),
        DuckType::Array(inner, _) => list(inner, &array.as_fixed_size_list_opt().ok_or(Unreadable)?.value(row), zone),
        DuckType::Struct(members) => structure(members, array.as_struct_opt().ok_or(Unreadable)?, row, zone),
        DuckType::Map(key, value) => map(key, value, array.as_map_opt().ok_or(Unreadable)?, row, zone),
        DuckType::Union(members) => union(members, array, row, zone),
        DuckType::Enum(_) => text_of_enum(array, row).map(Cell::Text),
    }
}

fn plain(id: LogicalTypeId, array: &dyn Array, row: usize, zone: &TimeZone) -> Result<Cell> {
    use LogicalTypeId as Id;
    Ok(match id {
        Id::Boolean => Cell::Bool(array.as_boolean_opt().ok_or(Unreadable)?.value(row)),
        Id::Tinyint => Cell::Int(primitive::<arrow::Int8Type>(array, row)?.into()),
        Id::Smallint => Cell::Int(primitive::<arrow::Int16Type>(array, row)?.into()),
        Id::Integer => Cell::Int(primitive::<arrow::Int32Type>(array, row)?.into()),
        Id::Bigint => Cell::Int(primitive::<arrow::Int64Type>(array, row)?.into()),
        Id::UTinyint => Cell::Int(primitive::<arrow::UInt8Type>(array, row)?.into()),
        Id::USmallint => Cell::Int(primitive::<arrow::UInt16Type>(array, row)?.into()),
        Id::UInteger => Cell::Int(primitive::<arrow::UInt32Type>(array, row)?.into()),
        Id::UBigint => Cell::Int(primitive::<arrow::UInt64Type>(array, row)?.into()),
        Id::Hugeint => Cell::Int(primitive::<arrow::Decimal128Type>(array, row)?),
        Id::UHugeint => unsigned(primitive::<arrow::Decimal128Type>(array, row)?.cast_unsigned()),
        Id::Float => Cell::Float(widen(primitive::<arrow::Float32Type>(array, row)?)),
        Id::Double => Cell::Float(primitive::<arrow::Float64Type>(array, row)?),
        Id::Varchar => Cell::Text(text(array, row)?),
        Id::Uuid => Cell::Uuid(text(array, row)?),
        Id::Blob => Cell::Bytes(bytes(array, row)?),
        Id::Date => Cell::Date(time::date(primitive::<arrow::Date32Type>(array, row)?)),
        Id::Time => Cell::Time(time::time(primitive::<arrow::Time64MicrosecondType>(array, row)?)),
        Id::Interval => Cell::Interval(interval(array, row)?),
        Id::Timestamp => Cell::Timestamp(time::timestamp(primitive::<arrow::TimestampMicrosecondType>(array, row)?, 6)),
        Id::TimestampS => Cell::Timestamp(time::timestamp(primitive::<arrow::TimestampSecondType>(array, row)?, 0)),
        Id::TimestampMs => {
            Cell::Timestamp(time::timestamp(primitive::<arrow::TimestampMillisecondType>(array, row)?, 3))
        }
        Id::TimestampNs => {
            Cell::Timestamp(time::timestamp(primitive::<arrow::TimestampNanosecondType>(array, row)?, 9))
        }
        Id::TimestampTZ => {
            Cell::TimestampTz(time::timestamp_tz(primitive::<arrow::TimestampMicrosecondType>(array, row)?, zone))
        }
        Id::SqlNull => Cell::Null,
        _ => return Err(Unreadable),
    })
}

fn primitive<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> Result<T::Native> {
    Ok(array.as_primitive_opt::<T>().ok_or(Unreadable)?.value(row))
}

fn unsigned(value: u128) -> Cell {
    i128::try_from(value).map_or_else(|_| Cell::Decimal(value.to_string()), Cell::Int)
}

/// The `f64` which prints the same digits.
fn widen(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}

fn decimal(array: &dyn Array, row: usize, scale: u8) -> Result<Cell> {
    let value = primitive::<arrow::Decimal128Type>(array, row)
        .or_else(|_| primitive::<arrow::Decimal64Type>(array, row).map(i128::from))
        .or_else(|_| primitive::<arrow::Decimal32Type>(array, row).map(i128::from))?;
    Ok(Cell::Decimal(decimal_text(value, usize::from(scale))))
}

/// `value` × 10^-`scale` with all digits of its scale.
fn decimal_text(value: i128, scale: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn text(array: &dyn Array, row: usize) -> Result<String> {
    if let Some(texts) = array.as_string_opt::<i32>() {
        return Ok(texts.value(row).to_owned());
    }
    if let Some(texts) = array.as_string_opt::<i64>() {
        return Ok(texts.value(row).to_owned());
    }
    Ok(array.as_string_view_opt().ok_or(Unreadable)?.value(row).to_owned())
}

fn bytes(array: &dyn Array, row: usize) -> Result<Vec<u8>> {
    if let Some(blobs) = array.as_binary_opt::<i32>() {
        return Ok(blobs.value(row).to_vec());
    }
    if let Some(blobs) = array.as_binary_opt::<i64>() {
        return Ok(blobs.value(row).to_vec());
    }
    Ok(array.as_binary_view_opt().ok_or(Unreadable)?.value(row).to_vec())
}

fn interval(array: &dyn Array, row: usize) -> Result<String> {
    let value = primitive::<arrow::IntervalMonthDayNanoType>(array, row)?;
    Ok(time::interval(value.months, value.days, value.nanoseconds / 1_000))
}

fn list_values(array: &dyn Array, row: usize) -> Result<array::ArrayRef> {
    if let Some(lists) = array.as_list_opt::<i32>() {
        return Ok(lists.value(row));
    }
    if let Some(lists) = array.as_list_opt::<i64>() {
        return Ok(lists.value(row));
    }
    Ok(array.as_fixed_size_list_opt().ok_or(Unreadable)?.value(row))
}

fn list(inner: &DuckType, values: &array::ArrayRef, zone: &TimeZone) -> Result<Cell> {
    let cells: Result<Vec<Cell>> = (0..values.len()).map(|index| cell(inner, values.as_ref(), index, zone)).collect();
    cells.map(Cell::List)
}

fn structure(members: &[(String, DuckType)], array: &array::StructArray, row: usize, zone: &TimeZone) -> Result<Cell> {
    if members.len() != array.num_columns() {
        return Err(Unreadable);
    }
    let fields: Result<Vec<(String, Cell)>> = members
        .iter()
        .zip(array.columns())
        .map(|((name, member), column)| Ok((name.clone(), cell(member, column.as_ref(), row, zone)?)))
        .collect();
    fields.map(Cell::Struct)
}

fn map(key: &DuckType, value: &DuckType, array: &array::MapArray, row: usize, zone: &TimeZone) -> Result<Cell> {
    let entries = array.value(row);
    let [keys, values] = entries.columns() else { return Err(Unreadable) };
    let entries: Result<Vec<(Cell, Cell)>> = (0..keys.len())
        .map(|index| Ok((cell(key, keys.as_ref(), index, zone)?, cell(value, values.as_ref(), index, zone)?)))
        .collect();
    entries.map(Cell::Map)
}

/// The value of the member which is set.
fn union(members: &[(String, DuckType)], array: &dyn Array, row: usize, zone: &TimeZone) -> Result<Cell> {
    let unions = array.as_union_opt().ok_or(Unreadable)?;
    let type_id = unions.type_id(row);
    let (_, member) = usize::try_from(type_id).ok().and_then(|index| members.get(index)).ok_or(Unreadable)?;
    cell(member, unions.child(type_id).as_ref(), unions.value_offset(row), zone)
}

fn text_of_enum(array: &dyn Array, row: usize) -> Result<String> {
    let dictionary = array.as_any_dictionary_opt().ok_or(Unreadable)?;
    let keys = dictionary.keys();
    let key = match keys.data_type() {
        arrow::DataType::UInt8 => u64::from(primitive::<arrow::UInt8Type>(keys, row)?),
        arrow::DataType::UInt16 => u64::from(primitive::<arrow::UInt16Type>(keys, row)?),
        arrow::DataType::UInt32 => u64::from(primitive::<arrow::UInt32Type>(keys, row)?),
        _ => return Err(Unreadable),
    };
    let index = usize::try_from(key).map_err(|_| Unreadable)?;
    let values = dictionary.values();
    if index < values.len() { text(values.as_ref(), index) } else { Err(Unreadable) }
}

/// All texts of an enum's dictionary, if `array` is one.
pub(super) fn enum_texts(array: &dyn Array) -> Vec<String> {
    let Some(dictionary) = array.as_any_dictionary_opt() else { return Vec::new() };
    let values = dictionary.values();
    (0..values.len()).filter_map(|index| text(values.as_ref(), index).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_scale() {
        assert_eq!(decimal_text(1230, 2), "12.30");
        assert_eq!(decimal_text(-5, 2), "-0.05");
        assert_eq!(decimal_text(0, 0), "0");
        assert_eq!(decimal_text(i128::MIN, 0), i128::MIN.to_string());
    }

    #[test]
    fn floats_widen_by_digits() {
        assert!((widen(0.1) - 0.1).abs() < f64::EPSILON);
        assert!(widen(f32::NAN).is_nan());
    }
}
