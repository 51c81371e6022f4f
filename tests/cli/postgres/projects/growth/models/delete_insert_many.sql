{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id', 'day']) }}
select {% if not is_incremental() %}distinct on (id, day){% endif %} * from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, day, batch desc{% endif %}
