{# The SQL of dropping, renaming and replacing relations, by their kind. #}

{% macro default__get_drop_sql(relation) %}
{%- if relation.is_view -%}
{{ drop_view(relation) }}
{%- elif relation.is_table -%}
{{ drop_table(relation) }}
{%- elif relation.is_materialized_view -%}
{{ drop_materialized_view(relation) }}
{%- else -%}
drop {{ relation.type }} if exists {{ relation.render() }} cascade
{%- endif -%}
{% endmacro %}

{% macro default__drop_table(relation) %}drop table if exists {{ relation.render() }} cascade{% endmacro %}
{% macro default__drop_view(relation) %}drop view if exists {{ relation.render() }} cascade{% endmacro %}
{% macro default__drop_materialized_view(relation) %}drop materialized view if exists {{ relation.render() }} cascade{% endmacro %}

{% macro default__get_rename_sql(relation, new_name) %}
{%- if relation.is_view -%}
{{ get_rename_view_sql(relation, new_name) }}
{%- elif relation.is_table -%}
{{ get_rename_table_sql(relation, new_name) }}
{%- elif relation.is_materialized_view -%}
{{ get_rename_materialized_view_sql(relation, new_name) }}
{%- else -%}
{{ _no_sql_for('get_rename_sql', relation) }}
{%- endif -%}
{% endmacro %}

{% macro default__get_create_intermediate_sql(relation, sql) %}
{%- set staged = make_intermediate_relation(relation) -%}
{{ get_drop_sql(staged) }};
{{ get_create_sql(staged, sql) }}
{% endmacro %}

{% macro default__get_rename_intermediate_sql(relation) %}
{{ get_rename_sql(make_intermediate_relation(relation), relation.identifier) }}
{% endmacro %}

{% macro default__get_create_backup_sql(relation) %}
{%- set backup = make_backup_relation(relation, relation.type) -%}
{{ get_drop_sql(backup) }};
{{ get_rename_sql(relation, backup.identifier) }}
{% endmacro %}

{% macro default__get_drop_backup_sql(relation) %}
{{ get_drop_sql(make_backup_relation(relation, relation.type)) }}
{% endmacro %}

{# In one statement where the engine can; else the new one is built aside where it can be renamed, else in place. #}
{% macro default__get_replace_sql(existing_relation, target_relation, sql) %}
{%- set at_once = existing_relation.type == target_relation.type and existing_relation.can_be_replaced -%}
{%- if at_once and existing_relation.is_view -%}
{{ get_replace_view_sql(target_relation, sql) }}
{%- elif at_once and existing_relation.is_table -%}
{{ get_replace_table_sql(target_relation, sql) }}
{%- elif at_once and existing_relation.is_materialized_view -%}
{{ get_replace_materialized_view_sql(target_relation, sql) }}
{%- else -%}
{%- set aside = target_relation.can_be_renamed -%}
{%- set backs_up = existing_relation.can_be_renamed -%}
{%- if aside -%}{{ get_create_intermediate_sql(target_relation, sql) }};{%- endif %}
{{ get_create_backup_sql(existing_relation) if backs_up else get_drop_sql(existing_relation) }};
{{ get_rename_intermediate_sql(target_relation) if aside else get_create_sql(target_relation, sql) }}
{%- if backs_up -%};
{{ get_drop_backup_sql(existing_relation) }}
{%- endif -%}
{%- endif -%}
{% endmacro %}

{# What not every engine can do. #}

{% macro _needs_own(name) %}
{{ exceptions.raise_compiler_error('`' ~ name ~ '` has not been implemented for this adapter.') }}
{% endmacro %}

{% macro default__get_rename_table_sql(relation, new_name) %}{{ _needs_own('get_rename_table_sql') }}{% endmacro %}
{% macro default__get_rename_view_sql(relation, new_name) %}{{ _needs_own('get_rename_view_sql') }}{% endmacro %}
{% macro default__get_rename_materialized_view_sql(relation, new_name) %}{{ _needs_own('get_rename_materialized_view_sql') }}{% endmacro %}
{% macro default__get_replace_table_sql(relation, sql) %}{{ _needs_own('get_replace_table_sql') }}{% endmacro %}
{% macro default__get_replace_view_sql(relation, sql) %}{{ _needs_own('get_replace_view_sql') }}{% endmacro %}
{% macro default__get_replace_materialized_view_sql(relation, sql) %}{{ _needs_own('get_replace_materialized_view_sql') }}{% endmacro %}
{% macro default__get_create_materialized_view_as_sql(relation, sql) %}{{ _needs_own('get_create_materialized_view_as_sql') }}{% endmacro %}
{% macro default__refresh_materialized_view(relation) %}{{ _needs_own('refresh_materialized_view') }}{% endmacro %}
{% macro default__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}{{ _needs_own('get_alter_materialized_view_as_sql') }}{% endmacro %}
{% macro default__get_materialized_view_configuration_changes(existing_relation, new_config) %}{{ _needs_own('get_materialized_view_configuration_changes') }}{% endmacro %}
{% macro default__can_clone_table() %}{{ return(false) }}{% endmacro %}
{% macro default__create_or_replace_clone(this_relation, defer_relation) %}
create or replace table {{ this_relation.render() }} clone {{ defer_relation.render() }}
{% endmacro %}

{# Indexes. #}

{% macro default__get_create_index_sql(relation, index_dict) %}{{ return(none) }}{% endmacro %}
{% macro default__get_drop_index_sql(relation, index_name) %}{{ _needs_own('get_drop_index_sql') }}{% endmacro %}
{% macro default__get_show_indexes_sql(relation) %}{{ _needs_own('get_show_indexes_sql') }}{% endmacro %}

{% macro default__create_indexes(relation) %}
{%- for index in config.get('indexes', default=[]) -%}
{%- set sql = get_create_index_sql(relation, index) -%}
{%- if sql -%}{%- do run_query(sql) -%}{%- endif -%}
{%- endfor -%}
{% endmacro %}
