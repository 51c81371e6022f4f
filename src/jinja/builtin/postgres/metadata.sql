{# One connection sees one database: another one is an error. #}
{% macro _verify(database) %}{%- if database -%}{%- do adapter.verify_database(database) -%}{%- endif -%}{% endmacro %}

{% macro postgres__create_schema(relation) %}
{%- do _verify(relation.database) -%}
{%- call statement('create_schema') -%}
create schema if not exists {{ relation.without_identifier().include(database=false) }}
{%- endcall -%}
{% endmacro %}

{% macro postgres__drop_schema(relation) %}
{%- do _verify(relation.database) -%}
{%- call statement('drop_schema') -%}
drop schema if exists {{ relation.without_identifier().include(database=false) }} cascade
{%- endcall -%}
{% endmacro %}

{% macro postgres__information_schema_name(database) %}information_schema{% endmacro %}

{% macro postgres__list_schemas(database) %}
{%- do _verify(database) -%}
{%- call statement('list_schemas', fetch_result=true, auto_begin=false) -%}
select distinct nspname from pg_namespace
{%- endcall -%}
{{ return(load_result('list_schemas').table) }}
{% endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) %}
{%- do _verify(information_schema.database) -%}
{%- call statement('check_schema_exists', fetch_result=true, auto_begin=false) -%}
select count(*) from pg_namespace where nspname = '{{ schema }}'
{%- endcall -%}
{{ return(load_result('check_schema_exists').table) }}
{% endmacro %}

{% macro postgres__get_columns_in_relation(relation) %}
{%- call statement('get_columns_in_relation', fetch_result=true) -%}
select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
from {{ relation.information_schema('columns') }}
where table_name = '{{ relation.identifier }}' {{ "and table_schema = '" ~ relation.schema ~ "'" if relation.schema }}
order by ordinal_position
{%- endcall -%}
{{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{% endmacro %}

{% macro postgres__list_relations_without_caching(schema_relation) %}
{%- set database, schema = schema_relation.database, schema_relation.schema -%}
{%- call statement('list_relations_without_caching', fetch_result=true) -%}
{%- for kind, names in {
    'table': 'tablename as name, schemaname as schema',
    'view': 'viewname, schemaname',
    'materialized_view': 'matviewname, schemaname',
}.items() %}
select '{{ database }}' as database, {{ names }}, '{{ kind }}' as type
from {{ {'table': 'pg_tables', 'view': 'pg_views', 'materialized_view': 'pg_matviews'}[kind] }}
where schemaname ilike '{{ schema }}'
union all
{%- endfor %}
select distinct '{{ database }}', proname, ns.nspname, 'function'
from pg_proc
join pg_namespace as ns on pronamespace = ns.oid
where ns.nspname ilike '{{ schema }}'
{%- endcall -%}
{{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}

{# Which relations read which. #}
{% macro postgres__get_relations() %}
{%- call statement('relations', fetch_result=true) -%}
select distinct
    reader_space.nspname as dependent_schema, reader.relname as dependent_name,
    read_space.nspname as referenced_schema, read.relname as referenced_name
from pg_class as reader
join pg_namespace as reader_space on reader_space.oid = reader.relnamespace
join pg_depend as rule on rule.refobjid = reader.oid and rule.classid = 'pg_rewrite'::regclass
    and rule.refclassid = 'pg_class'::regclass and rule.deptype = 'i'
join pg_depend as use on use.objid = rule.objid and use.classid = 'pg_rewrite'::regclass
    and use.refclassid = 'pg_class'::regclass and use.refobjid != rule.refobjid
join pg_class as read on read.oid = use.refobjid
join pg_namespace as read_space on read_space.oid = read.relnamespace
    and read_space.nspname != 'information_schema' and read_space.nspname not like 'pg\_%'
order by 1, 2, 3, 4
{%- endcall -%}
{{ return(load_result('relations').table) }}
{% endmacro %}

{% macro postgres_get_relations() %}{{ return(postgres__get_relations()) }}{% endmacro %}

{% macro postgres__get_catalog(information_schema, schemas) %}
{%- set relations = [] -%}
{%- for schema in schemas -%}{%- do relations.append({'schema': schema}) -%}{%- endfor -%}
{{ return(postgres__get_catalog_relations(information_schema, relations)) }}
{% endmacro %}

{% macro postgres__get_catalog_relations(information_schema, relations) %}
{%- set database = information_schema.database -%}
{%- do _verify(database) -%}
{%- set wanted = [] -%}
{%- for relation in relations -%}
    {%- set table = " and upper(tbl.relname) = upper('" ~ relation.identifier ~ "')" if relation.identifier else '' -%}
    {%- do wanted.append("(upper(sch.nspname) = upper('" ~ relation.schema ~ "')" ~ table ~ ')') -%}
{%- endfor -%}
{%- call statement('catalog', fetch_result=true) -%}
select
    '{{ database }}' as table_database,
    sch.nspname as table_schema,
    tbl.relname as table_name,
    case tbl.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
    tbl_desc.description as table_comment,
    col.attname as column_name,
    col.attnum as column_index,
    pg_catalog.format_type(col.atttypid, col.atttypmod) as column_type,
    col_desc.description as column_comment,
    pg_get_userbyid(tbl.relowner) as table_owner
from pg_catalog.pg_namespace sch
join pg_catalog.pg_class tbl on tbl.relnamespace = sch.oid
join pg_catalog.pg_attribute col on col.attrelid = tbl.oid
left join pg_catalog.pg_description tbl_desc on tbl_desc.objoid = tbl.oid and tbl_desc.objsubid = 0
left join pg_catalog.pg_description col_desc on col_desc.objoid = tbl.oid and col_desc.objsubid = col.attnum
where ({{ wanted | join(' or ') }})
    and not pg_is_other_temp_schema(sch.oid)
    and tbl.relpersistence in ('p', 'u')
    and tbl.relkind in ('r', 'v', 'f', 'p', 'm')
    and col.attnum > 0
    and not col.attisdropped
order by sch.nspname, tbl.relname, col.attnum
{%- endcall -%}
{{ return(load_result('catalog').table) }}
{% endmacro %}
