{% macro generate_schema_name(custom_schema_name, node) %}
  {{ exceptions.raise_compiler_error('no schema for ' ~ node.name) }}
{% endmacro %}
