{% macro bigquery__scalar_function_body_sql() %}
(
{{ model.compiled_code }}
)
{% endmacro %}

{% macro bigquery__scalar_function_volatility_sql() %}
{%- set volatility = model.config.get('volatility') -%}
{%- if volatility is not none -%}{%- do unsupported_volatility_warning(volatility) -%}{%- endif -%}
{% endmacro %}

{# The body of a function of rows is written as that of one of values. #}
{% macro bigquery__aggregate_function_sql(target_relation) %}
{{ get_aggregate_function_create_replace_signature(target_relation) }}
{{ scalar_function_body_sql() }}
{% endmacro %}
