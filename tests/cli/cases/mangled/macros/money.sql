{% macro cents(column, digits=2) %}
  {%- set scale = 10 ** digits -%}
  round({{ column }} / {{ scale }}, {{ digits }})
{% endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name or target.schema }}
{%- endmacro %}
