{# What dbt needs to make functions on DuckDB: it has no macros for that. #}
{% macro duckdb__scalar_function_sql(target_relation) %}
create or replace macro {{ target_relation.render() }}({% for a in model.arguments %}{{ a.name }}{{ ', ' if not loop.last }}{% endfor %}) as
(({{ model.compiled_code }})::{{ model.returns.data_type }})
{% endmacro %}
{% macro duckdb__aggregate_function_sql(target_relation) %}
{{ duckdb__scalar_function_sql(target_relation) }}
{% endmacro %}
