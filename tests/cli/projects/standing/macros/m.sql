{% macro duckdb__collect_freshness(source, loaded_at_field, filter) %}
{% call statement('collect_freshness', fetch_result=true) %}
select {{ current_timestamp() }} - interval 90 minute as max_loaded_at, {{ current_timestamp() }} as snapshotted_at
{% endcall %}
{{ return(load_result('collect_freshness')) }}
{% endmacro %}

{% macro duckdb__get_columns_in_relation(relation) -%}
{% if relation.identifier == 'seen' or relation.identifier == 'raw' %}
{{ return([api.Column('id', 'bigint'), api.Column('made_up', 'varchar')]) }}
{% endif %}
{{ return(dbt.duckdb__get_columns_in_relation(relation)) }}
{% endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) %}
{% call statement('list_relations_without_caching', fetch_result=true, auto_begin=false) %}
select '{{ schema_relation.database }}' as database, table_name as name, table_schema as schema,
  case table_type when 'BASE TABLE' then 'table' else 'view' end as type
from information_schema.tables
where table_schema = '{{ schema_relation.schema }}' and table_name <> 'hidden'
union all select '{{ schema_relation.database }}', 'phantom', '{{ schema_relation.schema }}', 'table'
{% endcall %}
{{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}

{% macro duckdb__list_schemas(database) %}
{% call statement('list_schemas', fetch_result=true, auto_begin=false) %}
select 'main' as schema_name union all select 'imagined'
{% endcall %}
{{ return(load_result('list_schemas').table) }}
{% endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) %}
{% call statement('check_schema_exists', fetch_result=true, auto_begin=false) %}
select case when '{{ schema }}' = 'imagined' then 1 else 0 end
{% endcall %}
{{ return(load_result('check_schema_exists').table) }}
{% endmacro %}

{% macro show_all() %}
{% set rel = api.Relation.create(database=target.database, schema='main', identifier='raw') %}
{{ print(adapter.get_columns_in_relation(rel) | map(attribute='name') | list) }}
{{ print(adapter.get_relation(target.database, 'main', 'phantom')) }}
{{ print(adapter.get_relation(target.database, 'main', 'hidden')) }}
{{ print(adapter.check_schema_exists(target.database, 'imagined')) }}
{{ print(adapter.check_schema_exists(target.database, 'main')) }}
{% endmacro %}
