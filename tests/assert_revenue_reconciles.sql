-- The days' revenue adds up to the price of all items that were neither cancelled nor returned.
with daily as (

    select coalesce(sum(revenue), 0) as revenue
    from {{ ref('revenue_daily') }}

),

items as (

    select coalesce(sum(sale_price), 0) as revenue
    from {{ ref('stg_order_items') }}
    where status not in ('Cancelled', 'Returned')

)

select
    daily.revenue as daily_revenue,
    items.revenue as item_revenue
from daily
cross join items
where daily.revenue <> items.revenue
