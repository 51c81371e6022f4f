{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if node.resource_type == 'seed' -%}
        seeds
    {%- elif custom_schema_name is none -%}
        {{ target.schema }}
    {%- else -%}
        {{ custom_schema_name | trim }}_of_{{ target.schema }}
    {%- endif -%}
{%- endmacro %}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if node.resource_type == 'test' -%}
        t_{{ custom_alias_name or node.name }}
    {%- else -%}
        {{ var('prefix') }}_{{ (custom_alias_name or node.name) | trim }}{{ '_deep' if 'deep' in node.fqn }}
    {%- endif -%}
{%- endmacro %}

{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {%- if custom_database_name and 'stay' not in node.name -%}{{ custom_database_name | trim | lower }}{%- else -%}{{ target.database }}{%- endif -%}
{%- endmacro %}
