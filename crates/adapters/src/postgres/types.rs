//! The names of types as `format_type` of the server writes them.

use tokio_postgres::types::{Kind, Type};

/// The name of a type with its modifier (-1: none), for example `numeric(12,2)` or `timestamp(3) without time zone`.
pub(super) fn name(of: &Type, modifier: i32) -> String {
    if let Kind::Array(inner) = of.kind()
        && of.schema() == "pg_catalog"
        && !matches!(*of, Type::INT2_VECTOR | Type::OID_VECTOR)
    {
        return format!("{}[]", name(inner, modifier));
    }
    let Some(plain) = sql_name(of) else { return other_name(of) };
    match *of {
        // The modifier counts its own four bytes.
        Type::VARCHAR | Type::BPCHAR if modifier >= 4 => format!("{plain}({})", modifier - 4),
        // A `character` without a length is another type than one of length 1.
        Type::BPCHAR => "bpchar".to_owned(),
        Type::NUMERIC if modifier >= 4 => numeric(modifier - 4),
        Type::BIT | Type::VARBIT if modifier >= 0 => format!("{plain}({modifier})"),
        Type::TIME | Type::TIMESTAMP | Type::TIMETZ | Type::TIMESTAMPTZ if modifier >= 0 => match plain.split_once(' ')
        {
            Some((word, zone)) => format!("{word}({modifier}) {zone}"),
            None => plain.to_owned(),
        },
        Type::INTERVAL if modifier >= 0 => interval(modifier),
        _ => plain.to_owned(),
    }
}

/// Precision and scale; the scale has eleven bits and a sign.
fn numeric(modifier: i32) -> String {
    let (precision, scale) = ((modifier >> 16) & 0xffff, ((modifier & 0x7ff) ^ 1024) - 1024);
    format!("numeric({precision},{scale})")
}

/// The fields in the upper half, the precision in the lower one.
fn interval(modifier: i32) -> String {
    const FIELDS: [(i32, &str); 13] = [
        (0x0004, " year"),
        (0x0002, " month"),
        (0x0008, " day"),
        (0x0400, " hour"),
        (0x0800, " minute"),
        (0x1000, " second"),
        (0x0006, " year to month"),
        (0x0408, " day to hour"),
        (0x0c08, " day to minute"),
        (0x1c08, " day to second"),
        (0x0c00, " hour to minute"),
        (0x1c00, " hour to second"),
        (0x1800, " minute to second"),
    ];
    let fields = FIELDS.iter().find(|(bits, _)| *bits == (modifier >> 16) & 0x7fff).map_or("", |(_, name)| name);
    let precision = modifier & 0xffff;
    if precision == 0xffff { format!("interval{fields}") } else { format!("interval{fields}({precision})") }
}

/// The types whose name in SQL is another than the one in the catalog.
fn sql_name(of: &Type) -> Option<&'static str> {
    Some(match *of {
        Type::BOOL => "boolean",
        Type::INT2 => "smallint",
        Type::INT4 => "integer",
        Type::INT8 => "bigint",
        Type::FLOAT4 => "real",
        Type::FLOAT8 => "double precision",
        Type::NUMERIC => "numeric",
        Type::VARCHAR => "character varying",
        Type::BPCHAR => "character",
        Type::CHAR => "\"char\"",
        Type::BIT => "bit",
        Type::VARBIT => "bit varying",
        Type::TIME => "time without time zone",
        Type::TIMETZ => "time with time zone",
        Type::TIMESTAMP => "timestamp without time zone",
        Type::TIMESTAMPTZ => "timestamp with time zone",
        Type::INTERVAL => "interval",
        _ => return None,
    })
}

/// Types of the server by their name, others with their schema.
fn other_name(of: &Type) -> String {
    match (of.schema(), of.kind()) {
        (_, Kind::Array(inner)) if of.schema() != "pg_catalog" => format!("{}[]", name(inner, -1)),
        ("pg_catalog" | "public", _) => quoted(of.name()),
        (schema, _) => format!("{}.{}", quoted(schema), quoted(of.name())),
    }
}

/// In quotes where it would be read otherwise without.
fn quoted(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}
