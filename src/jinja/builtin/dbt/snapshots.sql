{# How a snapshot is taken: a first one is a table, a later one a table of changes that is merged into it. #}

{% macro get_snapshot_table_column_names() %}
{%- set names = {} -%}
{%- for name in ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'] -%}
    {%- do names.update({name: name}) -%}
{%- endfor -%}
{{ return(names) }}
{% endmacro %}

{% macro _snapshot_names() %}
{{ return(config.get('snapshot_table_column_names') or get_snapshot_table_column_names()) }}
{% endmacro %}

{# `valid_to` of a row that holds: the type is that of `updated_at`. #}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }}) as {{ columns.dbt_valid_to }}
{%- endmacro %}

{# The condition that a row of the snapshot holds. #}
{% macro _snapshot_is_current(column) -%}
{%- set marker = config.get('dbt_valid_to_current') -%}
{%- if marker -%}({{ equals(column, marker | trim) }} or {{ column }} is null){%- else -%}{{ column }} is null{%- endif -%}
{%- endmacro %}

{% macro _snapshot_key_names(unique_key) %}
{%- if unique_key is string or unique_key is not iterable -%}{{ return(['dbt_unique_key']) }}{%- endif -%}
{%- set names = [] -%}
{%- for key in unique_key -%}{%- do names.append('dbt_unique_key_' ~ loop.index) -%}{%- endfor -%}
{{ return(names) }}
{% endmacro %}

{% macro unique_key_fields(unique_key) -%}
{%- set keys = unique_key if unique_key | is_list else [unique_key] -%}
{%- for name in _snapshot_key_names(unique_key) -%}{{ keys[loop.index0] }} as {{ name }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) -%}
{%- for name in _snapshot_key_names(unique_key) -%}
{%- set left, right = identifier ~ '.' ~ name, from_identifier ~ '.' ~ name -%}
{{ equals(left, right) if unique_key | is_list else left ~ ' = ' ~ right }}{{ ' and ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{% macro unique_key_is_null(unique_key, identifier) -%}
{{ identifier }}.{{ _snapshot_key_names(unique_key)[0] }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) -%}
{{ identifier }}.{{ _snapshot_key_names(unique_key)[0] }} is not null
{%- endmacro %}

{% macro default__build_snapshot_table(strategy, sql) %}
{%- set names = _snapshot_names() -%}
select
    *,
    {{ strategy.scd_id }} as {{ names.dbt_scd_id }},
    {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
    {{ get_dbt_valid_to_current(strategy, names) }}
    {%- if strategy.hard_deletes == 'new_record' %},
    'False' as {{ names.dbt_is_deleted }}
    {%- endif %}
from (
    {{ sql }}
) as sbq
{% endmacro %}

{#
    The changes since the last time, each with what to do: `insert` a row, or, for `update` and `delete`, close the row
    of this `dbt_scd_id`. Every part has the columns of the query, the key, then those of the snapshot.
#}
{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
{%- set names = _snapshot_names() -%}
{%- set key = strategy.unique_key -%}
{%- set marks_deletes = strategy.hard_deletes == 'new_record' -%}
{%- set sees_deletes = marks_deletes or strategy.hard_deletes == 'invalidate' -%}
{%- set changed = strategy.row_changed -%}
{%- if marks_deletes -%}
    {%- set changed = changed ~ ' or snapshotted_data.' ~ names.dbt_is_deleted ~ " = 'True'" -%}
{%- endif -%}
with snapshot_query as (
    {{ source_sql }}
),

snapshotted_data as (
    select *, {{ unique_key_fields(key) }}
    from {{ target_relation }}
    where {{ _snapshot_is_current(names.dbt_valid_to) }}
),

insertions_source_data as (
    select
        *,
        {{ unique_key_fields(key) }},
        {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
        {{ get_dbt_valid_to_current(strategy, names) }},
        {{ strategy.scd_id }} as {{ names.dbt_scd_id }}
    from snapshot_query
),

updates_source_data as (
    select
        *,
        {{ unique_key_fields(key) }},
        {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
        {{ strategy.updated_at }} as {{ names.dbt_valid_to }}
    from snapshot_query
),

insertions as (
    select
        'insert' as dbt_change_type,
        source_data.*
        {%- if marks_deletes %},
        'False' as {{ names.dbt_is_deleted }}
        {%- endif %}
    from insertions_source_data as source_data
    left join snapshotted_data on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
    where {{ unique_key_is_null(key, 'snapshotted_data') }}
        or ({{ unique_key_is_not_null(key, 'snapshotted_data') }} and ({{ changed }}))
),

updates as (
    select
        'update' as dbt_change_type,
        source_data.*,
        snapshotted_data.{{ names.dbt_scd_id }}
        {%- if marks_deletes %},
        snapshotted_data.{{ names.dbt_is_deleted }}
        {%- endif %}
    from updates_source_data as source_data
    inner join snapshotted_data on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
    where {{ changed }}
)
{%- if sees_deletes %},

deletes_source_data as (
    select *, {{ unique_key_fields(key) }} from snapshot_query
),

deletes as (
    select
        'delete' as dbt_change_type,
        source_data.*,
        {{ snapshot_get_time() }} as {{ names.dbt_valid_from }},
        {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
        {{ snapshot_get_time() }} as {{ names.dbt_valid_to }},
        snapshotted_data.{{ names.dbt_scd_id }}
        {%- if marks_deletes %},
        snapshotted_data.{{ names.dbt_is_deleted }}
        {%- endif %}
    {{ _snapshot_gone(key, names, marks_deletes) }}
)
{%- endif %}
{%- if marks_deletes %},

deletion_records as (
    {{ _snapshot_deletion_records(key, names, source_sql, target_relation) }}
)
{%- endif %}

select * from insertions
union all
select * from updates
{%- if sees_deletes %}
union all
select * from deletes
{%- endif %}
{%- if marks_deletes %}
union all
select * from deletion_records
{%- endif %}
{%- endmacro %}

{# The rows of the snapshot that hold and are no longer in the source; where deletes are marked, those not marked yet. #}
{% macro _snapshot_gone(key, names, marks_deletes) -%}
from snapshotted_data
    left join deletes_source_data as source_data on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
    where {{ unique_key_is_null(key, 'source_data') }}
    {%- if marks_deletes %}
        and not (
            snapshotted_data.{{ names.dbt_is_deleted }} = 'True'
            and snapshotted_data.{{ names.dbt_valid_to }} {{ '= ' ~ config.get('dbt_valid_to_current') if config.get('dbt_valid_to_current') else 'is null' }}
        )
    {%- endif %}
{%- endmacro %}

{# A row that says that the source no longer has it: its last values, from now on. #}
{% macro _snapshot_deletion_records(key, names, source_sql, target_relation) -%}
{%- set there = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list -%}
select
        'insert' as dbt_change_type,
        {%- for name in get_columns_in_query(source_sql) %}
        {{ 'snapshotted_data' if name in there else 'source_data' }}.{{ adapter.quote(name) }},
        {%- endfor %}
        {%- for name in _snapshot_key_names(key) %}
        snapshotted_data.{{ key[loop.index0] if key | is_list else name }} as {{ name }},
        {%- endfor %}
        {{ snapshot_get_time() }} as {{ names.dbt_valid_from }},
        {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
        snapshotted_data.{{ names.dbt_valid_to }} as {{ names.dbt_valid_to }},
        {{ snapshot_hash_arguments([names.dbt_scd_id, snapshot_get_time()]) }} as {{ names.dbt_scd_id }},
        'True' as {{ names.dbt_is_deleted }}
    {{ _snapshot_gone(key, names, true) }}
{%- endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
{%- set staging = make_temp_relation(target_relation) -%}
{%- call statement('build_snapshot_staging_relation') -%}
{{ create_table_as(true, staging, snapshot_staging_table(strategy, sql, target_relation)) }}
{%- endcall -%}
{{ return(staging) }}
{% endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
{%- set names = _snapshot_names() -%}
merge into {{ target.render() }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ names.dbt_scd_id }}
when matched
    and {{ _snapshot_is_current('DBT_INTERNAL_DEST.' ~ names.dbt_valid_to) }}
    and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
    then update set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
when not matched
    and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
    then insert ({{ insert_cols | join(', ') }}) values ({{ insert_cols | join(', ') }})
{%- endmacro %}

{# Two statements: the rows that no longer hold are closed, then the new ones are added. #}
{% macro _snapshot_update_and_insert(target, source, insert_cols) -%}
{%- set names = _snapshot_names() -%}
update {{ target }} as DBT_INTERNAL_TARGET
set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }}::text = DBT_INTERNAL_TARGET.{{ names.dbt_scd_id }}::text
    and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
    and {{ _snapshot_is_current('DBT_INTERNAL_TARGET.' ~ names.dbt_valid_to) }};

insert into {{ target }} ({{ insert_cols | join(', ') }})
select {% for column in insert_cols %}DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
from {{ source }} as DBT_INTERNAL_SOURCE
where DBT_INTERNAL_SOURCE.dbt_change_type = 'insert';
{%- endmacro %}

{% macro default__create_columns(relation, columns) %}
{%- for column in columns -%}
{%- call statement() -%}
alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.expanded_data_type }}
{%- endcall -%}
{%- endfor -%}
{% endmacro %}

{% macro default__post_snapshot(staging_relation) %}{% endmacro %}

{# The type of `dbt_updated_at` in a query of a snapshot; none where it has no such column. #}
{% macro get_updated_at_column_data_type(snapshot_sql) %}
{%- for column in get_column_schema_from_query(snapshot_sql) if column.column | lower == 'dbt_updated_at' -%}
    {{ return(column.dtype) }}
{%- endfor -%}
{{ return(none) }}
{% endmacro %}

{# A warning where `updated_at` is of another type than the times that deletes are noted with. #}
{% macro check_time_data_types(sql) %}
{%- set own, other = get_snapshot_get_time_data_type(), get_updated_at_column_data_type(sql) -%}
{%- if own and other and own != other -%}
    {%- do exceptions.warn_snapshot_timestamp_data_types(own, other) -%}
{%- endif -%}
{% endmacro %}
