{% macro default__get_columns_in_relation(relation) %}{{ _not_implemented('get_columns_in_relation') }}{% endmacro %}

{# Rows of name, type, length, precision and scale as columns. #}
{% macro sql_convert_columns_in_relation(table) %}
{%- set columns = [] -%}
{%- for row in table -%}{%- do columns.append(api.Column(*row)) -%}{%- endfor -%}
{{ return(columns) }}
{% endmacro %}

{% macro get_list_of_column_names(columns) %}{{ return(columns | map(attribute='name') | list) }}{% endmacro %}

{% macro default__get_columns_in_query(select_sql) %}
{%- call statement('get_columns_in_query', fetch_result=true, auto_begin=false) -%}
{{ get_empty_subquery_sql(select_sql) }}
{%- endcall -%}
{{ return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) }}
{% endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
{{ select_sql_header or '' }}
select * from (
{{ select_sql }}
) as __dbt_sbq
where false
limit 0
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) %}
{{ return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) }}
{% endmacro %}

{# A query without rows that has the columns which are declared. #}
{% macro default__get_empty_schema_sql(columns) %}
{%- set untyped, unsized, casts = [], [], [] -%}
{%- for column in columns.values() -%}
    {%- set type = column.get('data_type') -%}
    {%- if type is none -%}
        {%- do untyped.append(column['name']) -%}
    {%- elif type | trim | lower in ('numeric', 'decimal', 'number') -%}
        {%- do unsized.append(column['name']) -%}
    {%- endif -%}
    {%- set name = adapter.quote(column['name']) if column.get('quote') else column['name'] -%}
    {%- do casts.append((cast('null', type) | trim) ~ ' as ' ~ name) -%}
{%- endfor -%}
{%- if untyped -%}
    {%- do exceptions.column_type_missing(column_names=untyped) -%}
{%- elif unsized -%}
    {%- do exceptions.warn('Columns of a numeric type without precision and scale may be rounded: ' ~ unsized | join(', ')) -%}
{%- endif -%}
select {{ casts | join(', ') }}
{% endmacro %}

{# By way of a second column: not every engine changes types in place. #}
{% macro default__alter_column_type(relation, column_name, new_column_type) %}
{%- set table, old, new = relation.render(), adapter.quote(column_name), adapter.quote(column_name ~ '__dbt_alter') -%}
{%- call statement('alter_column_type') -%}
alter table {{ table }} add column {{ new }} {{ new_column_type }};
update {{ table }} set {{ new }} = {{ old }};
alter table {{ table }} drop column {{ old }} cascade;
alter table {{ table }} rename column {{ new }} to {{ old }}
{%- endcall -%}
{% endmacro %}

{% macro default__alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) %}
{%- set changes = [] -%}
{%- for column in add_columns or [] -%}
{%- do changes.append('add column ' ~ column.quoted ~ ' ' ~ column.expanded_data_type) -%}
{%- endfor -%}
{%- for column in remove_columns or [] -%}{%- do changes.append('drop column ' ~ column.quoted) -%}{%- endfor -%}
{%- do run_query('alter ' ~ relation.type ~ ' ' ~ relation.render() ~ ' ' ~ changes | join(', ')) -%}
{% endmacro %}

{# Contracts: the columns of a query against the declared ones, and the table's definition. #}

{% macro default__get_table_columns_and_constraints() %}{{ return(table_columns_and_constraints()) }}{% endmacro %}

{% macro table_columns_and_constraints() %}
{%- set parts = adapter.render_raw_columns_constraints(raw_columns=model['columns'])
    + adapter.render_raw_model_constraints(raw_constraints=model['constraints']) -%}
( {{ parts | join(', ') }} )
{% endmacro %}

{% macro default__get_assert_columns_equivalent(sql) %}{{ return(assert_columns_equivalent(sql)) }}{% endmacro %}

{% macro assert_columns_equivalent(sql) %}
{%- set declared = model['columns'] -%}
{%- if not declared -%}{%- do exceptions.raise_contract_error([], []) -%}{%- endif -%}
{%- set found = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
{%- set wanted = format_columns(get_column_schema_from_query(get_empty_schema_sql(declared))) -%}
{%- set types = {} -%}
{%- for column in wanted -%}{%- do types.update({column.name: column.formatted}) -%}{%- endfor -%}
{%- set same = found | length == wanted | length -%}
{%- for column in found if types.get(column.name) != column.formatted -%}
    {%- do exceptions.raise_contract_error(wanted, found) -%}
{%- endfor -%}
{%- if not same -%}{%- do exceptions.raise_contract_error(wanted, found) -%}{%- endif -%}
{% endmacro %}

{% macro format_columns(columns) %}
{%- set formatted = [] -%}
{%- for column in columns -%}{%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}{%- endfor -%}
{{ return(formatted) }}
{% endmacro %}

{% macro default__format_column(column) %}
{%- set text = column.column | lower ~ ' ' ~ column.dtype -%}
{{ return({'name': column.name, 'data_type': column.dtype, 'formatted': text}) }}
{% endmacro %}

{% macro default__get_column_names() %}{{ _declared_names() }}{% endmacro %}

{% macro _declared_names() %}
{%- for column in model['columns'].values() -%}
{{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
{%- endfor -%}
{% endmacro %}

{% macro default__get_select_subquery(sql) %}
select {{ adapter.dispatch('get_column_names', 'dbt')() }}
from (
{{ sql }}
) as model_subq
{% endmacro %}
