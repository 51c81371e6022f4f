select * from {{ ref('orders_v2') }}
