select order_id, amount, amount > 2 * {{ var('minimum') }} as is_huge from {{ ref('big_orders') }}
