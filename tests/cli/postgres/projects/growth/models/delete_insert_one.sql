{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id') }}
select {% if not is_incremental() %}distinct on (id){% endif %} * from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
