{# Each strategy says how rows are told apart, when they changed, and whether they did. #}

{% macro strategy_dispatch(name) %}
{%- set parts = name.split('.', 1) -%}
{%- set place = context -%}
{%- if parts | length == 2 -%}
    {%- if parts[0] not in context -%}
        {%- do exceptions.raise_compiler_error('There is no package `' ~ parts[0] ~ '`, which the strategy `' ~ name ~ '` is to come from') -%}
    {%- endif -%}
    {%- set place = context[parts[0]] -%}
{%- endif -%}
{%- set wanted = 'snapshot_' ~ parts[-1] ~ '_strategy' -%}
{%- if wanted not in place -%}
    {%- do exceptions.raise_compiler_error('There is no snapshot strategy `' ~ name ~ '`: it would be the macro `' ~ wanted ~ '`') -%}
{%- endif -%}
{{ return(place[wanted]) }}
{% endmacro %}

{% macro default__snapshot_hash_arguments(args) -%}
{%- set texts = [] -%}
{%- for arg in args -%}{%- do texts.append("coalesce(cast(" ~ arg ~ " as varchar), '')") -%}{%- endfor -%}
md5({{ texts | join(" || '|' || ") }})
{%- endmacro %}

{% macro _snapshot_strategy(changed, updated_at) %}
{%- set key = config.get('unique_key') -%}
{%- set deletes = adapter.get_hard_deletes_behavior(config) -%}
{{ return({
    'unique_key': key,
    'updated_at': updated_at,
    'row_changed': changed,
    'scd_id': snapshot_hash_arguments(api.Relation.scd_args(key, updated_at)),
    'invalidate_hard_deletes': deletes == 'invalidate',
    'hard_deletes': deletes,
}) }}
{% endmacro %}

{# The column of the snapshot is compared, not the source's: it is there whichever strategy wrote the rows. #}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
{%- set names = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
{%- set updated_at = config.get('updated_at') -%}
{%- set changed = '(' ~ snapshotted_rel ~ '.' ~ names.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')' -%}
{{ return(_snapshot_strategy(changed, updated_at)) }}
{% endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
{%- set updated_at = config.get('updated_at') or snapshot_get_time() -%}
{%- set is_wider, columns = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) -%}
{%- set differences = [] -%}
{%- for column in (columns or []) -%}
    {%- set before, now = snapshotted_rel ~ '.' ~ column, current_rel ~ '.' ~ column -%}
    {%- do differences.append(
        before ~ ' != ' ~ now ~ ' or (' ~ before ~ ' is null) != (' ~ now ~ ' is null)'
    ) -%}
{%- endfor -%}
{%- set changed = get_true_sql() if is_wider else differences | join('\n    or ') -%}
{{ return(_snapshot_strategy('(' ~ changed ~ ')', updated_at)) }}
{% endmacro %}

{# Whether the query has columns that the snapshot lacks, and those to compare, quoted. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) %}
{%- if not target_exists -%}{{ return((false, none)) }}{%- endif -%}
{%- set query = node['compiled_code'] -%}
{%- if check_cols_config is not string and check_cols_config is iterable and check_cols_config | length > 0 -%}
    {%- set query = 'select ' ~ check_cols_config | join(', ') ~ ' from (\n' ~ query ~ '\n) as checked' -%}
{%- elif check_cols_config != 'all' -%}
    {%- do exceptions.raise_compiler_error("`check_cols` can't be " ~ check_cols_config) -%}
{%- endif -%}
{%- set target = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
{%- set there = adapter.get_columns_in_relation(target) | map(attribute='name') | list -%}
{%- set wanted = get_columns_in_query(query) -%}
{%- set known = [] -%}
{%- for name in wanted if name in there -%}{%- do known.append(adapter.quote(name)) -%}{%- endfor -%}
{{ return((known | length < wanted | length, known)) }}
{% endmacro %}

{% macro default__get_true_sql() %}{{ return('TRUE') }}{% endmacro %}
