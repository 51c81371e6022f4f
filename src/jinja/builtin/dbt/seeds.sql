{% macro default__get_binding_char() %}{{ return('%s') }}{% endmacro %}
{% macro default__get_batch_size() %}{{ return(10000) }}{% endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
{%- set types = model['config'].get('column_types') or {} -%}
{%- set columns = [] -%}
{%- for name in agate_table.column_names -%}
    {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
    {%- do columns.append(get_seed_column_quoted_csv(model, [name]) ~ ' ' ~ type) -%}
{%- endfor -%}
{%- set sql = 'create table ' ~ this.render() ~ ' (' ~ columns | join(', ') ~ ')' -%}
{%- call statement('_') -%}{{ sql }}{%- endcall -%}
{{ return(sql) }}
{% endmacro %}

{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
{%- if full_refresh -%}
    {%- do adapter.drop_relation(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
{%- endif -%}
{%- do adapter.truncate_relation(old_relation) -%}
{{ return('truncate table ' ~ old_relation.render()) }}
{% endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) %}
{{ create_or_truncate_sql }};
-- dbt seed --
{{ insert_sql }}
{% endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) %}
{%- set quoted = [] -%}
{%- for name in column_names -%}
    {%- do quoted.append(adapter.quote_seed_column(name, model['config'].get('quote_columns'))) -%}
{%- endfor -%}
{{ return(quoted | join(', ')) }}
{% endmacro %}

{# Sends the rows in batches and gives the text of the first. #}
{% macro default__load_csv_rows(model, agate_table) %}
{%- set names = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
{%- set row = '(' ~ ([get_binding_char() | trim] * (agate_table.column_names | length)) | join(',') ~ ')' -%}
{%- set sent = [] -%}
{%- for rows in agate_table.rows | batch(get_batch_size()) -%}
    {%- set values = [] -%}
    {%- for one in rows -%}{%- do values.extend(one) -%}{%- endfor -%}
    {%- set sql = 'insert into ' ~ this.render() ~ ' (' ~ names ~ ') values ' ~ ([row] * (rows | length)) | join(',') -%}
    {%- do adapter.add_query(sql, bindings=values, abridge_sql_log=true) -%}
    {%- do sent.append(sql) -%}
{%- endfor -%}
{{ return(sent[0]) }}
{% endmacro %}
