{{ config(mine=none, own='set') }}
{% if config.get('own') == 'set' %}select '{{ ref('others') }}' as read_when_known{% else %}select 'reading' as read_when_known{% endif %}
{% for key in ['alias', 'unique_key', 'full_refresh', 'incremental_strategy', 'schema', 'mine', 'own', 'nope', 'event_time', 'persist_docs', 'batch_size', 'meta', 'database', 'group', 'access', 'on_schema_change', 'partition_by', 'materialized', 'freshness'] -%}
, '{{ config.get(key, 'unset') }}, {{ config.get(key) }}' as {{ key }}_
{% endfor %}, '{{ config.require('mine') }}' as required -- depends_on: {{ ref('others') }}
