select
    orders.order_id,
    orders.user_id,
    {{ to_date('orders.ordered_at') }} as order_date,
    {{ to_date('orders.returned_at') }} as return_date,
    {{ as_money('sum(items.sale_price)') }} as gross_amount,
    {{ as_money("sum(case when items.status in ('Cancelled', 'Returned') then 0 else items.sale_price end)") }} as net_amount,
    count(case when items.status not in ('Cancelled', 'Returned') then 1 end) as net_item_count
from {{ ref('stg_orders') }} as orders
inner join {{ ref('stg_order_items') }} as items
    on orders.order_id = items.order_id
group by
    orders.order_id,
    orders.user_id,
    orders.ordered_at,
    orders.returned_at
