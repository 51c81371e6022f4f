select
    order_date as day,
    count(*) as orders,
    {{ as_money('sum(net_amount)') }} as revenue,
    {{ ratio('sum(net_amount)', 'count(*)') }} as aov
from {{ ref('int_order_totals') }}
where net_item_count > 0
group by order_date
