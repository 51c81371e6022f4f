{# One table or view can be attached from a database of another kind, which may have no schemas. #}
{% macro duckdb__create_schema(relation) %}
{%- set sql -%}
select type from duckdb_databases()
where lower(database_name) = '{{ relation.database | lower }}' and type != 'duckdb'
{%- endset -%}
{%- set others = run_query(sql) -%}
{%- set kind = others.columns[0].values()[0] if others | length > 0 else 'duckdb' -%}
{%- if kind == 'sqlite' and relation.schema != 'main' -%}
    {%- do exceptions.raise_compiler_error("SQLite has one schema, 'main': there can be no " ~ relation.schema) -%}
{%- elif kind not in ['sqlite', 'mysql'] -%}
    {%- call statement('create_schema') -%}
create schema if not exists {{ relation.without_identifier() }}
    {%- endcall -%}
{%- endif -%}
{% endmacro %}

{% macro duckdb__drop_schema(relation) %}{{ return(default__drop_schema(relation)) }}{% endmacro %}

{% macro duckdb__list_schemas(database) %}
{%- set sql -%}
select schema_name
from system.information_schema.schemata
{%- if database is not none %}
where lower(catalog_name) = '{{ database | lower }}'
{%- endif -%}
{%- endset -%}
{{ return(run_query(sql)) }}
{% endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) %}
{%- set sql -%}
select count(*)
from system.information_schema.schemata
where lower(schema_name) = '{{ schema | lower }}' and lower(catalog_name) = '{{ information_schema.database | lower }}'
{%- endset -%}
{{ return(run_query(sql)) }}
{% endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) %}
{%- call statement('list_relations_without_caching', fetch_result=true) -%}
select
    '{{ schema_relation.database }}' as database,
    table_name as name,
    table_schema as schema,
    case table_type when 'BASE TABLE' then 'table' when 'VIEW' then 'view' when 'LOCAL TEMPORARY' then 'table' end as type
from system.information_schema.tables
where lower(table_schema) = '{{ schema_relation.schema | lower }}'
    and lower(table_catalog) = '{{ schema_relation.database | lower }}'
{%- endcall -%}
{{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}

{# The type tells precision and scale. #}
{% macro duckdb__get_columns_in_relation(relation) %}
{%- call statement('get_columns_in_relation', fetch_result=true) -%}
select
    column_name,
    column_type as data_type,
    cast(null as bigint) as character_maximum_length,
    cast(null as bigint) as numeric_precision,
    cast(null as bigint) as numeric_scale
from (describe {{ relation.render() }})
{%- endcall -%}
{{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{% endmacro %}

{# A header is sent by itself: what is described has to be one query. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
{%- if select_sql_header is not none -%}{%- do run_query(select_sql_header) -%}{%- endif -%}
{{ default__get_empty_subquery_sql(select_sql) }}
{% endmacro %}

{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
{%- for column in add_columns or [] -%}
    {%- set name = api.Relation.create(identifier=column.name) -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ name ~ ' ' ~ column.data_type) -%}
{%- endfor -%}
{%- for column in remove_columns or [] -%}
    {%- set name = api.Relation.create(identifier=column.name) -%}
    {%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ name) -%}
{%- endfor -%}
{% endmacro %}

{# Every column of every relation, for documentation. #}

{% macro duckdb__get_catalog(information_schema, schemas) %}
{{ return(_duckdb_catalog(information_schema, duckdb__get_catalog_schemas_where_clause_sql(schemas))) }}
{% endmacro %}

{% macro duckdb__get_catalog_relations(information_schema, relations) %}
{{ return(_duckdb_catalog(information_schema, duckdb__get_catalog_relations_where_clause_sql(relations))) }}
{% endmacro %}

{% macro _duckdb_catalog(information_schema, condition) %}
{%- set sql -%}
with tables as (
    {{ duckdb__get_catalog_tables_sql(information_schema) }} {{ condition }}
),
columns as (
    {{ duckdb__get_catalog_columns_sql(information_schema) }} {{ condition }}
)
{{ duckdb__get_catalog_results_sql() }}
{%- endset -%}
{{ return(run_query(sql)) }}
{% endmacro %}

{% macro duckdb__get_catalog_tables_sql(information_schema) %}
{%- set here = "upper('" ~ information_schema.database ~ "')" -%}
select * from (
    select database_name as table_database, schema_name as table_schema, table_name, 'BASE TABLE' as table_type, comment as table_comment
    from duckdb_tables() where upper(database_name) = {{ here }}
    union all
    select database_name, schema_name, view_name, 'VIEW', comment
    from duckdb_views() where upper(database_name) = {{ here }}
) catalog_tables
{% endmacro %}

{% macro duckdb__get_catalog_columns_sql(information_schema) %}
select * from (
    select
        database_name as table_database, schema_name as table_schema, table_name, column_name, column_index,
        data_type as column_type, comment as column_comment
    from duckdb_columns() where upper(database_name) = upper('{{ information_schema.database }}')
) catalog_columns
{% endmacro %}

{% macro duckdb__get_catalog_results_sql() %}
select
    table_database, table_schema, table_name, table_type, table_comment,
    column_name, column_index, column_type, column_comment, null as table_owner
from tables
join columns using (table_database, table_schema, table_name)
order by table_schema, table_name, column_index
{% endmacro %}

{% macro duckdb__get_catalog_schemas_where_clause_sql(schemas) %}
{%- set relations = [] -%}
{%- for schema in schemas -%}{%- do relations.append({'schema': schema}) -%}{%- endfor -%}
{{ return(duckdb__get_catalog_relations_where_clause_sql(relations)) }}
{% endmacro %}

{% macro duckdb__get_catalog_relations_where_clause_sql(relations) %}
{%- set wanted = [] -%}
{%- for relation in relations -%}
    {%- if not relation.schema -%}
        {%- do exceptions.raise_compiler_error('`get_catalog_relations` takes relations with a schema') -%}
    {%- endif -%}
    {%- set schema = "upper(table_schema) = upper('" ~ relation.schema ~ "')" -%}
    {%- set table = " and upper(table_name) = upper('" ~ relation.identifier ~ "')" -%}
    {%- do wanted.append('(' ~ schema ~ table ~ ')' if relation.identifier else schema) -%}
{%- endfor -%}
where {{ '(' ~ wanted | join(' or ') ~ ')' if wanted else '1 = 0' }}
{% endmacro %}
