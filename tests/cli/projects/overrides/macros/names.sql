{% macro default__generate_schema_name(custom_schema_name, node) %}
{{- (custom_schema_name or target.schema) | trim -}}
{% endmacro %}

{% macro duckdb__generate_alias_name(custom_alias_name=none, node=none) %}
{{- 'an_alias' if node.name == 'renamed' else (custom_alias_name or node.name) -}}
{% endmacro %}

{% macro duckdb__current_timestamp() %}timestamp '2024-02-03 04:05:06'{% endmacro %}

{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) %}
{{ from_date_or_timestamp }} + 2 * {{ interval }} * interval 1 {{ datepart }}
{% endmacro %}
