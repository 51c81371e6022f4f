{# The rows of a unit test as SQL: given ones get every column of their relation, expected ones those that they name. #}

{% macro get_fixture_sql(rows, column_name_to_data_types) %}
{%- set quoted = {} -%}
{%- set types = column_name_to_data_types or {} -%}
{%- if not types -%}
    {%- set relation = defer_relation if defer_relation and not load_relation(this) else this -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
        {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
{%- endif -%}
{%- if not types -%}
    {%- do exceptions.raise_compiler_error('the columns of ' ~ this ~ ' are not known to the unit test `' ~ model.name ~ '`: it does not exist') -%}
{%- endif -%}
{{ validate_fixture_rows(rows, row_number) }}
{%- set empty = {} -%}
{%- for name, type in types.items() -%}{%- do empty.update({name: safe_cast('null', type) | trim}) -%}{%- endfor -%}
{%- for row in rows -%}
    {%- set values = empty.copy() -%}
    {%- do values.update(format_row(row, types)) %}
select {{ _fixture_values(values, quoted) }}
    {%- if not loop.last %}
union all
    {%- endif -%}
{%- else %}
select {{ _fixture_values(empty, quoted) }}
limit 0
{%- endfor -%}
{% endmacro %}

{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) %}
{%- for row in rows %}
select {{ _fixture_values(format_row(row, column_name_to_data_types), column_name_to_quoted) }}
    {%- if not loop.last %}
union all
    {%- endif -%}
{%- else %}
select * from dbt_internal_unit_test_actual
limit 0
{%- endfor -%}
{% endmacro %}

{% macro _fixture_values(values, quoted) %}
{%- for name, value in values.items() %}{{ value }} as {{ quoted[name] }}{{ ', ' if not loop.last }}{% endfor -%}
{% endmacro %}

{# The values of a row as SQL of their columns' types, under names in lower case. #}
{% macro format_row(row, column_name_to_data_types) %}
{%- set formatted = {} -%}
{%- for key, value in row.items() -%}
    {%- set name = key | lower -%}
    {%- if name not in column_name_to_data_types -%}
        {%- set what = 'its expected rows' if model.resource_type == 'unit_test' else '`' ~ model.name ~ '`' -%}
        {%- do exceptions.raise_compiler_error('the column `' ~ name ~ '` of a unit test is not one of ' ~ what ~ ': '
            ~ column_name_to_data_types.keys() | join(', ')) -%}
    {%- endif -%}
    {%- set type = column_name_to_data_types[name] -%}
    {%- if value is string -%}
        {%- set type = type.split('(')[0] if 'varying' in type else type -%}
        {%- set value = dbt.string_literal(dbt.escape_single_quotes(value)) -%}
    {%- elif value is none -%}
        {%- set value = 'null' -%}
    {%- endif -%}
    {%- do formatted.update({name: safe_cast(value, type)}) -%}
{%- endfor -%}
{{ return(formatted) }}
{% endmacro %}

{% macro default__validate_fixture_rows(rows, row_number) %}{% endmacro %}
