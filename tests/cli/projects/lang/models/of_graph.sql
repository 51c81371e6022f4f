-- depends_on: {{ ref('lists') }}
{% if execute %}
{%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') %}
select '{{ node.name }}' as name, {{ literal(node.depends_on.nodes | sort | join(' ')) }} as reads, {{ literal(node.config.materialized ~ node.tags) }} as about, '{{ node.description }}' as says
{{ 'union all' if not loop.last }}
{%- endfor %}
{% else %}select 1{% endif %}
