select
    {{ as_integer('id') }} as order_item_id,
    {{ as_integer('order_id') }} as order_id,
    {{ as_integer('user_id') }} as user_id,
    {{ as_integer('product_id') }} as product_id,
    {{ as_integer('inventory_item_id') }} as inventory_item_id,
    status,
    {{ as_money('sale_price') }} as sale_price,
    cast(created_at as timestamp) as created_at,
    cast(shipped_at as timestamp) as shipped_at,
    cast(delivered_at as timestamp) as delivered_at,
    cast(returned_at as timestamp) as returned_at
from {{ thelook('order_items') }}
