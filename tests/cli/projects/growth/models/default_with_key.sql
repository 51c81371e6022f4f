{{ config(materialized='incremental', unique_key='id') }}
select id, status, amount, batch from {{ ref('orders') }}
{% if is_incremental() %}
where batch > (select max(batch) from {{ this }})
{% else %}
qualify row_number() over (partition by id order by batch desc) = 1
{% endif %}
