{# What the warehouse holds. #}

{% macro default__information_schema_name(database) %}{{ database ~ '.' if database }}INFORMATION_SCHEMA{% endmacro %}

{% macro default__list_schemas(database) %}
{%- set sql -%}
select distinct schema_name
from {{ information_schema_name(database) }}.SCHEMATA
where catalog_name ilike '{{ database }}'
{%- endset -%}
{{ return(run_query(sql)) }}
{% endmacro %}

{% macro default__check_schema_exists(information_schema, schema) %}
{%- set sql -%}
select count(*)
from {{ information_schema.replace(information_schema_view='SCHEMATA') }}
where catalog_name='{{ information_schema.database }}' and schema_name='{{ schema }}'
{%- endset -%}
{{ return(run_query(sql)) }}
{% endmacro %}

{% macro default__get_catalog(information_schema, schemas) %}
{{ exceptions.raise_compiler_error('get_catalog not implemented for ' ~ adapter.type()) }}
{% endmacro %}

{% macro default__get_catalog_relations(information_schema, relations) %}
{{ exceptions.raise_compiler_error('get_catalog_relations not implemented for ' ~ adapter.type()) }}
{% endmacro %}

{% macro default__list_relations_without_caching(schema_relation) %}{{ _not_implemented('list_relations_without_caching') }}{% endmacro %}
{% macro default__list_function_relations_without_caching(schema_relation) %}{{ _not_implemented('list_function_relations_without_caching') }}{% endmacro %}
{% macro default__get_catalog_for_single_relation(relation) %}{{ _not_implemented('get_catalog_for_single_relation') }}{% endmacro %}
{% macro default__get_relations() %}{{ _not_implemented('get_relations') }}{% endmacro %}
{% macro default__get_relation_last_modified(information_schema, relations) %}{{ _not_implemented('get_relation_last_modified') }}{% endmacro %}

{% macro default__validate_sql(sql) %}
{%- call statement('validate_sql') -%}explain {{ sql }}{%- endcall -%}
{{ return(load_result('validate_sql')) }}
{% endmacro %}

{# How old a source is. #}

{% macro default__collect_freshness(source, loaded_at_field, filter) %}
{%- call statement('collect_freshness', fetch_result=true, auto_begin=false) -%}
select
    max({{ loaded_at_field }}) as max_loaded_at,
    {{ current_timestamp() }} as snapshotted_at
from {{ source }}
{%- if filter %}
where {{ filter }}
{%- endif -%}
{%- endcall -%}
{{ return(load_result('collect_freshness')) }}
{% endmacro %}

{% macro default__collect_freshness_custom_sql(source, loaded_at_query) %}
{%- call statement('collect_freshness_custom_sql', fetch_result=true, auto_begin=false) -%}
with source_query as (
{{ loaded_at_query }}
)
select
    (select * from source_query) as max_loaded_at,
    {{ current_timestamp() }} as snapshotted_at
{%- endcall -%}
{{ return(load_result('collect_freshness_custom_sql')) }}
{% endmacro %}
