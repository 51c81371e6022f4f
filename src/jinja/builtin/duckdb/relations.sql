{# Temporary tables are in a schema of their own. #}
{% macro duckdb__make_temp_relation(base_relation, suffix='__dbt_tmp') %}
{%- set path = {'database': none, 'schema': none, 'identifier': base_relation.identifier ~ suffix ~ py_current_timestring()} -%}
{{ return(base_relation.incorporate(path=path)) }}
{% endmacro %}

{% macro duckdb__make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
{{ return(default__make_temp_relation(base_relation, suffix)) }}
{% endmacro %}

{% macro duckdb__drop_relation(relation) %}
{%- call statement('drop_relation', auto_begin=false) -%}
drop {{ relation.type }} if exists {{ relation }} cascade
{%- endcall -%}
{% endmacro %}

{% macro duckdb__rename_relation(from_relation, to_relation) %}
{%- set name = adapter.quote_as_configured(to_relation.identifier, 'identifier') -%}
{%- call statement('rename_relation') -%}
alter {{ to_relation.type }} {{ from_relation }} rename to {{ name }}
{%- endcall -%}
{% endmacro %}

{# `partitioned_by` and `sorted_by` mean something for catalogs of DuckLake alone. #}
{% macro create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) %}
{{ return(adapter.dispatch('create_table_as', 'dbt')(
    temporary, relation, compiled_code, language, partitioned_by=partitioned_by, sorted_by=sorted_by
)) }}
{% endmacro %}

{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
{%- if language != 'sql' -%}
    {%- do exceptions.raise_compiler_error('duckdb__create_table_as knows SQL, not ' ~ language) -%}
{%- endif -%}
{%- set contract = config.get('contract') -%}
{%- if contract.enforced -%}{{ get_assert_columns_equivalent(compiled_code) }}{%- endif -%}
{{ _sql_header() }}
create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
{%- if contract.enforced and not temporary %} {{ get_table_columns_and_constraints() }} ;
insert into {{ relation }} {{ get_column_names() }} (
{{ get_select_subquery(compiled_code) }}
);
{%- else %} as (
{{ compiled_code }}
);
{%- endif -%}
{%- endmacro %}

{% macro get_column_names() %}( {{ _declared_names() }} ){% endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
{%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(sql) }}{%- endif -%}
{{ _sql_header() }}
create view {{ relation }} as (
{{ sql }}
);
{%- endmacro %}

{% macro duckdb__get_create_index_sql(relation, index_dict) -%}
{%- set index = adapter.parse_index(index_dict) -%}
create {{ 'unique ' if index.unique }}index "{{ index.render(relation) }}" on {{ relation }} ({{ index.columns | join(', ') }});
{%- endmacro %}

{# A table with indexes can't be renamed. #}
{% macro drop_indexes_on_relation(relation) %}
{%- call statement('get_indexes_on_relation', fetch_result=true, auto_begin=false) -%}
select index_name
from duckdb_indexes()
where database_name = '{{ relation.database }}'
    and schema_name = '{{ relation.schema }}'
    and table_name = '{{ relation.identifier }}'
{%- endcall -%}
{%- for row in load_result('get_indexes_on_relation').table -%}
    {%- call statement('drop_index', auto_begin=false) -%}
drop index "{{ relation.database }}"."{{ relation.schema }}"."{{ row[0] }}"
    {%- endcall -%}
{%- endfor -%}
{% endmacro %}

{% macro duckdb__apply_grants(relation, grant_config, should_revoke=true) %}
{%- if grant_config -%}{%- do adapter.warn_once('DuckDB knows no grants: `grants` has no effect') -%}{%- endif -%}
{% endmacro %}

{% macro duckdb__alter_relation_comment(relation, comment) %}
comment on {{ relation.type }} {{ relation }} is {{ _comment_literal(comment) }};
{% endmacro %}

{% macro duckdb__alter_column_comment(relation, column_dict) %}{{ _comment_on_columns(relation, column_dict) }}{% endmacro %}
{% macro duckdb_escape_comment(comment) %}{{ return(_comment_literal(comment)) }}{% endmacro %}
