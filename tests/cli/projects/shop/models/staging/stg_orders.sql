{{ config(alias='orders_clean', tags=['orders'], meta={'tier': 2, 'note': 'in file'}) }}
select
    order_id,
    customer_id,
    ordered_at::date as day,
    {{ money('amount') }} as amount,
    {{ money('amount', scale=3, factor=var('rate')) }} as converted,
    status,
    '{{ var("currency") }}' as currency
from {{ source('own', 'purchases') }}
-- {{ ref('orders') }} has to be there first
