{# Functions are macros of DuckDB: their parameters have no types, and what they give is cast. #}

{% macro _function_signature(target) -%}
create or replace macro {{ target.render() }}({{ formatted_scalar_function_args_sql() }})
{%- endmacro %}

{% macro _function_value() -%}
(cast((
{{ model.compiled_code }}
) as {{ model.returns.data_type }}))
{%- endmacro %}

{% macro duckdb__formatted_scalar_function_args_sql() %}
{%- for argument in model.arguments -%}
    {{ argument.name }}{{ ' := ' ~ argument.default_value if argument.default_value is not none }}{{ ', ' if not loop.last }}
{%- endfor -%}
{% endmacro %}

{% macro duckdb__scalar_function_sql(target_relation) %}
{{ _function_signature(target_relation) }} as {{ _function_value() }}
{% endmacro %}

{% macro duckdb__aggregate_function_sql(target_relation) %}
{{ _function_signature(target_relation) }} as {{ _function_value() }}
{% endmacro %}

{% macro duckdb__table_function_sql(target_relation) %}
{{ _function_signature(target_relation) }} as table (
{{ model.compiled_code }}
)
{% endmacro %}
