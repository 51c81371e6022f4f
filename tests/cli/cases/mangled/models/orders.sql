{{ config(materialized='incremental', unique_key='order_id', tags=['a']) }}
{% set kinds = ['placed', 'shipped'] %}
select
    order_id,
    {% for kind in kinds %}
    {{ cents('amount', digits=2) }} as {{ kind }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ source('raw', 'orders') }}
{% if is_incremental() %}
where ordered_on > '{{ var("start", "2024-01-01") }}'
{% endif %}
