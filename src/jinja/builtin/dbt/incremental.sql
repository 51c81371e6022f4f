{# Columns of two relations. #}

{% macro get_quoted_csv(column_names) %}
{%- set quoted = [] -%}
{%- for name in column_names -%}{%- do quoted.append(adapter.quote(name)) -%}{%- endfor -%}
{{ return(quoted | join(', ')) }}
{% endmacro %}

{% macro diff_columns(source_columns, target_columns) %}
{%- set there = target_columns | map(attribute='column') | list -%}
{{ return(source_columns | rejectattr('name', 'in', there) | list) }}
{% endmacro %}

{% macro default__diff_column_data_types(source_columns, target_columns) %}
{%- set changed = [] -%}
{%- for column in source_columns -%}
    {%- for other in target_columns if other.name == column.name -%}
        {%- set type = column.expanded_data_type -%}
        {%- if loop.first and type != other.expanded_data_type and not column.can_expand_to(other_column=other) -%}
            {%- do changed.append({'column_name': other.name, 'new_type': type}) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{{ return(changed) }}
{% endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
{%- if merge_update_columns and merge_exclude_columns -%}
    {%- do exceptions.raise_compiler_error('a model sets `merge_update_columns` or `merge_exclude_columns`, not both') -%}
{%- endif -%}
{%- if merge_update_columns -%}{{ return(merge_update_columns) }}{%- endif -%}
{%- set left_out = merge_exclude_columns | map('lower') | list if merge_exclude_columns else [] -%}
{%- set updated = [] -%}
{%- for column in dest_columns if column.column | lower not in left_out -%}
    {%- do updated.append(column.quoted) -%}
{%- endfor -%}
{{ return(updated) }}
{% endmacro %}

{# When a query's columns are no longer those of its table. #}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
{%- if on_schema_change in ['sync_all_columns', 'append_new_columns', 'fail', 'ignore'] -%}
    {{ return(on_schema_change) }}
{%- endif -%}
{%- do log('`on_schema_change` is ' ~ on_schema_change ~ ', which is unknown: it counts as ' ~ default) -%}
{{ return(default) }}
{% endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) %}
{%- set source = adapter.get_columns_in_relation(source_relation) -%}
{%- set target = adapter.get_columns_in_relation(target_relation) -%}
{%- set added, removed = diff_columns(source, target), diff_columns(target, source) -%}
{%- set types = diff_column_data_types(source, target) -%}
{{ return({
    'schema_changed': added != [] or removed != [] or types != [],
    'source_not_in_target': added,
    'target_not_in_source': removed,
    'source_columns': source,
    'target_columns': target,
    'new_target_types': types,
}) }}
{% endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
{%- set added = schema_changes_dict['source_not_in_target'] -%}
{%- set all = on_schema_change == 'sync_all_columns' -%}
{%- set removed = schema_changes_dict['target_not_in_source'] if all else none -%}
{%- if added or removed -%}
    {%- do alter_relation_add_remove_columns(target_relation, added, removed) -%}
{%- endif -%}
{%- for change in schema_changes_dict['new_target_types'] if all -%}
    {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
{%- endfor -%}
{% endmacro %}

{# Gives the columns to fill; nothing where that is for the table to say. #}
{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) %}
{%- if on_schema_change == 'ignore' -%}{{ return({}) }}{%- endif -%}
{%- set changes = check_for_schema_changes(source_relation, target_relation) -%}
{%- if changes['schema_changed'] and on_schema_change == 'fail' -%}
    {%- do exceptions.raise_compiler_error(
        'the columns of the query are no longer those of ' ~ target_relation ~ ': new '
        ~ changes['source_not_in_target'] ~ ', gone ' ~ changes['target_not_in_source'] ~ ', of another type '
        ~ changes['new_target_types']
        ~ '. Set `on_schema_change` to append_new_columns or sync_all_columns, run with --full-refresh, or change the table.'
    ) -%}
{%- elif changes['schema_changed'] -%}
    {%- do sync_column_schemas(on_schema_change, target_relation, changes) -%}
{%- endif -%}
{{ return(changes['source_columns']) }}
{% endmacro %}

{# The strategies: `incremental_strategy: name` is the macro `get_incremental_name_sql`. #}

{% macro default__get_incremental_append_sql(arg_dict) %}
{{ return(get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'])) }}
{% endmacro %}

{% macro default__get_incremental_delete_insert_sql(arg_dict) %}
{{ return(get_delete_insert_merge_sql(
    arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'],
    arg_dict['incremental_predicates']
)) }}
{% endmacro %}

{% macro default__get_incremental_merge_sql(arg_dict) %}
{{ return(get_merge_sql(
    arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'],
    arg_dict['incremental_predicates']
)) }}
{% endmacro %}

{% macro default__get_incremental_insert_overwrite_sql(arg_dict) %}
{{ return(get_insert_overwrite_merge_sql(
    arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'], arg_dict['incremental_predicates']
)) }}
{% endmacro %}

{% macro default__get_incremental_default_sql(arg_dict) %}{{ return(get_incremental_append_sql(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_microbatch_sql(arg_dict) %}{{ _not_implemented('get_incremental_microbatch_sql') }}{% endmacro %}

{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) %}
{%- set names = get_quoted_csv(dest_columns | map(attribute='name')) -%}
insert into {{ target_relation }} ({{ names }})
( select {{ names }} from {{ temp_relation }} )
{% endmacro %}

{# `predicates` is the old name of the last parameter. #}
{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
{%- set predicates = kwargs.get('predicates', incremental_predicates) -%}
{{ adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, predicates) }}
{% endmacro %}

{% macro default__get_merge_unique_key_match(source_unique_key, target_unique_key) %}
{{ return(equals(source_unique_key, target_unique_key) | trim) }}
{% endmacro %}

{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
{%- set conditions = [] + (incremental_predicates or []) -%}
{%- if not unique_key -%}
    {%- do conditions.append('FALSE') -%}
{%- elif unique_key is string -%}
    {%- do conditions.append(get_merge_unique_key_match('DBT_INTERNAL_SOURCE.' ~ unique_key, 'DBT_INTERNAL_DEST.' ~ unique_key)) -%}
{%- else -%}
    {%- for key in unique_key -%}
        {%- do conditions.append(' DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key ~ ' ') -%}
    {%- endfor -%}
{%- endif -%}
{%- set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) -%}
{{ _sql_header() }}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on {{ '(' ~ conditions | join(') and (') ~ ')' }}
{%- if unique_key %}
when matched then update set
{% for name in updated %}{{ name }} = DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %}
{%- endif %}
{{ _insert_not_matched(dest_columns) }}
{% endmacro %}

{% macro _insert_not_matched(dest_columns) -%}
{%- set names = get_quoted_csv(dest_columns | map(attribute='name')) -%}
when not matched then insert ( {{- names -}} ) values ( {{- names -}} )
{%- endmacro %}

{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
{%- if unique_key -%}
{%- set keys = unique_key if unique_key is string else unique_key | join(', ') -%}
delete from {{ target }} as DBT_INTERNAL_DEST
where ({{ keys }}) in (
    select distinct {{ keys }}
    from {{ source }} as DBT_INTERNAL_SOURCE
)
{%- for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor -%};
{%- endif %}
{{ get_insert_into_sql(target, source, dest_columns) }}
{% endmacro %}

{% macro default__get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header=false) %}
{%- if include_sql_header -%}{{ _sql_header() }}{%- endif %}
merge into {{ target }} as DBT_INTERNAL_DEST
using {{ source }} as DBT_INTERNAL_SOURCE
on FALSE
when not matched by source
{%- if predicates %} and {{ predicates | join(' and ') }}{% endif %}
then delete
{{ _insert_not_matched(dest_columns) }}
{% endmacro %}
