select
    user_id,
    {{ to_date('occurred_at') }} as activity_date,
    count(case when sequence_number = 1 then 1 end) as sessions,
    count(case when event_type = 'product' then 1 end) as product_views,
    count(case when event_type = 'cart' then 1 end) as cart_additions,
    count(case when event_type = 'purchase' then 1 end) as purchases
from {{ ref('stg_events') }}
where user_id is not null
group by
    user_id,
    {{ to_date('occurred_at') }}
