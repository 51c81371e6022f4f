{% macro generate_schema_name(custom_schema_name=none, node=none) %}
{{- target.schema if custom_schema_name is none else target.schema ~ '_' ~ (custom_schema_name | trim) -}}
{% endmacro %}

{% macro generate_database_name(custom_database_name=none, node=none) %}
{{- target.database if custom_database_name is none else custom_database_name | trim -}}
{% endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) %}
{%- if custom_alias_name -%}
{{ custom_alias_name | trim }}
{%- elif node.version -%}
{{ node.name ~ '_v' ~ (node.version | string | replace('.', '_')) }}
{%- else -%}
{{ node.name }}
{%- endif -%}
{% endmacro %}
