select
    {{ as_integer('order_id') }} as order_id,
    {{ as_integer('user_id') }} as user_id,
    status,
    gender,
    {{ as_integer('num_of_item') }} as item_count,
    cast(created_at as timestamp) as ordered_at,
    cast(shipped_at as timestamp) as shipped_at,
    cast(delivered_at as timestamp) as delivered_at,
    cast(returned_at as timestamp) as returned_at
from {{ thelook('orders') }}
