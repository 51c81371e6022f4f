{# Names of relations that a materialization works with besides its own. #}

{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}
{%- if suffix == '__dbt_tmp' and model.batch -%}{%- set suffix = suffix ~ '_' ~ model.batch.id -%}{%- endif -%}
{{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}

{% macro default__make_temp_relation(base_relation, suffix='__dbt_tmp') %}
{{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}
{% endmacro %}

{% macro default__make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
{{ return(default__make_temp_relation(base_relation, suffix)) }}
{% endmacro %}

{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
{%- set path = {'identifier': base_relation.identifier ~ suffix} -%}
{{ return(base_relation.incorporate(path=path, type=backup_relation_type)) }}
{% endmacro %}

{% macro default__get_or_create_relation(database, schema, identifier, type) %}
{%- set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
{%- if found -%}{{ return([true, found]) }}{%- endif -%}
{{ return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}
{% endmacro %}

{# What changes relations at once. #}

{% macro drop_relation_if_exists(relation) %}
{%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{% endmacro %}

{% macro default__drop_relation(relation) %}
{%- call statement('drop_relation', auto_begin=false) -%}{{ get_drop_sql(relation) }}{%- endcall -%}
{% endmacro %}

{% macro default__rename_relation(from_relation, to_relation) %}
{%- set name = adapter.quote_as_configured(to_relation.identifier, 'identifier') -%}
{%- call statement('rename_relation') -%}
alter table {{ from_relation.render() }} rename to {{ name }}
{%- endcall -%}
{% endmacro %}

{% macro default__truncate_relation(relation) %}
{%- call statement('truncate_relation') -%}
truncate table {{ relation.render() }}
{%- endcall -%}
{% endmacro %}

{% macro default__create_schema(relation) %}
{%- call statement('create_schema') -%}
create schema if not exists {{ relation.without_identifier() }}
{%- endcall -%}
{% endmacro %}

{% macro default__drop_schema(relation) %}
{%- call statement('drop_schema') -%}
drop schema if exists {{ relation.without_identifier() }} cascade
{%- endcall -%}
{% endmacro %}

{% macro default__drop_schema_named(schema_name) %}
{%- do adapter.drop_schema(api.Relation.create(schema=schema_name)) -%}
{% endmacro %}

{% macro default__handle_existing_table(full_refresh, old_relation) %}
{%- do adapter.drop_relation(old_relation) -%}
{% endmacro %}

{# The SQL of creating them. #}

{% macro create_table_as(temporary, relation, compiled_code, language='sql') %}
{%- set create = adapter.dispatch('create_table_as', 'dbt') -%}
{%- if language == 'sql' -%}
{{ create(temporary, relation, compiled_code) }}
{%- else -%}
{{ create(temporary, relation, compiled_code, language) }}
{%- endif -%}
{% endmacro %}

{% macro default__create_table_as(temporary, relation, sql) -%}
{%- set contract = config.get('contract') -%}
{{ _sql_header() }}
create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
{%- if contract.enforced and not temporary -%}
{{ get_assert_columns_equivalent(sql) }} {{ get_table_columns_and_constraints() }}
{%- set sql = get_select_subquery(sql) -%}
{%- endif %} as (
{{ sql }}
);
{%- endmacro %}

{% macro default__create_view_as(relation, sql) -%}
{{ _sql_header() }}
create view {{ relation.render() }}
{%- if config.get('contract').enforced %}{{ get_assert_columns_equivalent(sql) }}{% endif %} as (
{{ sql }}
);
{%- endmacro %}

{% macro _sql_header() %}{{ config.get('sql_header') or '' }}{% endmacro %}

{% macro default__get_create_table_as_sql(temporary, relation, sql) %}
{{ return(create_table_as(temporary, relation, sql)) }}
{% endmacro %}

{% macro default__get_create_view_as_sql(relation, sql) %}
{{ return(create_view_as(relation, sql)) }}
{% endmacro %}

{% macro default__get_create_sql(relation, sql) %}
{%- if relation.is_view -%}
{{ get_create_view_as_sql(relation, sql) }}
{%- elif relation.is_table -%}
{{ get_create_table_as_sql(false, relation, sql) }}
{%- elif relation.is_materialized_view -%}
{{ get_create_materialized_view_as_sql(relation, sql) }}
{%- else -%}
{{ _no_sql_for('get_create_sql', relation) }}
{%- endif -%}
{% endmacro %}

{% macro _no_sql_for(name, relation) %}
{{ exceptions.raise_compiler_error('`' ~ name ~ '` has not been implemented for: ' ~ relation.type) }}
{% endmacro %}
