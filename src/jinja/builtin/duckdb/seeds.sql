{% macro duckdb__get_binding_char() %}{{ return('?') }}{% endmacro %}
{% macro duckdb__get_batch_size() %}{{ return(10000) }}{% endmacro %}

{# DuckDB reads the file by itself, unless the seed says `fast: false`. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
{%- if not config.get('fast', true) -%}
    {{ return(default__load_csv_rows(model, adapter.convert_datetimes_to_strs(agate_table))) }}
{%- endif -%}
{%- set sql -%}
COPY {{ this.render() }} FROM '{{ adapter.get_seed_file_path(model) }}' (FORMAT CSV, HEADER TRUE, DELIMITER '{{ config.get('delimiter', ',') }}')
{%- endset -%}
{%- do adapter.add_query(sql, abridge_sql_log=true) -%}
{{ return(sql) }}
{% endmacro %}
