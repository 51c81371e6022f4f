{#- Lets every group that reads something use the schemas of this run. -#}
{% macro grant_usage(schemas) -%}
    {%- if execute -%}
        {%- set groups = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- for group in node.config.grants.get('select', []) if group not in groups -%}
                {%- do groups.append(group) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if groups and schemas -%}
            grant usage on schema {{ quoted_list(schemas) }} to {{ quoted_list(groups) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro quoted_list(names) -%}
    {%- for name in names | sort %}{{ adapter.quote(name) }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}
