{{ config(materialized='incremental', unique_key='id') }}
select {% if not is_incremental() %}distinct on (id){% endif %} id, status, amount, batch from {{ ref('orders') }}
{% if is_incremental() %}
where batch > (select max(batch) from {{ this }})
{% else %}
order by id, batch desc
{% endif %}
