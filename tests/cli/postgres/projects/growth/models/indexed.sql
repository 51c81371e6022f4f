{{ config(materialized='incremental', unique_key='id', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['batch', 'status'], 'type': 'btree'}, {'columns': ['status'], 'type': 'hash'}]) }}
select {% if not is_incremental() %}distinct on (id){% endif %} id, status, batch from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
