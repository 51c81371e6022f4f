{{ config(materialized='view', custom_key={'deep': [1, 2]}, meta={'a': 1}) }}
select {{ literal(config.require('custom_key').deep[1]) }} as r, {{ literal(config.get('meta').a) }} as m, {{ literal(config.get('tags')) }} as t
{# a comment {{ not rendered }} #}{% raw %} , '{{ raw }}' as raw{% endraw %}
