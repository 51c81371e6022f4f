//! The methods of the objects that templates see, by name: `adapter.quote` is a value too, which can be asked for,
//! kept and handed around.

use minijinja::value::DynObject;

use super::adapter::AdapterObject;
use super::agate::{Agate, Sequence};
use super::column::{ColumnClass, ColumnObject};
use super::functions::{ConfigObject, Context, VarObject};
use super::record::Record;
use super::relation::{Relation, RelationClass};

const ADAPTER: &[&str] = &[
    "already_exists",
    "add_query",
    "assert_valid_snapshot_target_given_strategy",
    "cache_added",
    "cache_dropped",
    "cache_renamed",
    "check_schema_exists",
    "commit",
    "convert_datetimes_to_strs",
    "convert_type",
    "create_schema",
    "dispatch",
    "drop_relation",
    "drop_schema",
    "escape_sql_string",
    "execute",
    "expand_target_column_types",
    "get_column_schema_from_query",
    "get_columns_in_relation",
    "get_columns_in_table",
    "get_hard_deletes_behavior",
    "get_incremental_strategy_macro",
    "get_missing_columns",
    "get_relation",
    "list_relations",
    "list_relations_without_caching",
    "load_relation",
    "parse_index",
    "quote",
    "quote_as_configured",
    "quote_seed_column",
    "rename_relation",
    "standardize_grants_dict",
    "truncate_relation",
    "type",
    "valid_incremental_strategies",
    "valid_snapshot_target",
    "verify_database",
    "warn_once",
];

const RELATION: &[&str] = &[
    "add_ephemeral_prefix",
    "get",
    "get_default_include_policy",
    "get_default_quote_policy",
    "include",
    "incorporate",
    "information_schema",
    "information_schema_only",
    "matches",
    "quote",
    "quoted",
    "relation_max_name_length",
    "render",
    "render_limited",
    "replace",
    "replace_path",
    "scd_args",
    "without_identifier",
];

const RELATION_CLASS: &[&str] =
    &["add_ephemeral_prefix", "create", "get_default_include_policy", "get_default_quote_policy", "scd_args"];

const COLUMN: &[&str] = &[
    "can_expand_to",
    "create",
    "flatten",
    "from_description",
    "is_float",
    "is_integer",
    "is_number",
    "is_numeric",
    "is_string",
    "is_struct",
    "literal",
    "numeric_type",
    "string_size",
    "string_type",
    "translate_type",
];

const COLUMN_CLASS: &[&str] = &["create", "from_description", "numeric_type", "string_type", "translate_type"];

const TABLE: &[&str] = &[
    "distinct",
    "exclude",
    "find",
    "group_by",
    "limit",
    "order_by",
    "print_csv",
    "print_json",
    "print_structure",
    "print_table",
    "rename",
    "select",
    "where",
];

const SEQUENCE: &[&str] = &[
    "dict",
    "get",
    "items",
    "keys",
    "values",
    "values_distinct",
    "values_sorted",
    "values_without_nulls",
    "values_without_nulls_sorted",
];

const CONFIG: &[&str] =
    &["get", "meta_get", "meta_require", "persist_column_docs", "persist_relation_docs", "require", "set"];

/// The methods of an object; none for what has only values.
pub fn names(object: &DynObject) -> &'static [&'static str] {
    match object {
        o if o.is::<AdapterObject>() => ADAPTER,
        o if o.is::<Relation>() => RELATION,
        o if o.is::<RelationClass>() => RELATION_CLASS,
        o if o.is::<ColumnObject>() => COLUMN,
        o if o.is::<ColumnClass>() => COLUMN_CLASS,
        o if o.is::<Agate>() => TABLE,
        o if o.is::<Sequence>() => SEQUENCE,
        o if o.is::<ConfigObject>() => CONFIG,
        o if o.is::<Context>() => &["get", "keys", "setdefault", "update"],
        o if o.is::<VarObject>() => &["has_var"],
        o if o.is::<Record>() => &["get", "to_dict"],
        _ => &[],
    }
}
