{% macro default__unit() %}'unit of the root'{% endmacro %}
{% macro which() %}'which of the root'{% endmacro %}
{% macro shared_name() %}'shared of the root'{% endmacro %}
{% macro generate_schema_name(custom_schema_name, node) %}
  {%- if custom_schema_name %}{{ target.schema }}__{{ custom_schema_name | trim }}{% else %}{{ target.schema }}{% endif -%}
{% endmacro %}
