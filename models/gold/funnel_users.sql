with first_times as (

    select
        user_id,
        min(occurred_at) as first_visited_at,
        min(case when event_type = 'cart' then occurred_at end) as first_added_to_cart_at,
        min(case when event_type = 'purchase' then occurred_at end) as first_converted_at
    from {{ ref('stg_events') }}
    where user_id is not null
    group by user_id

)

select
    users.user_id,
    first_times.first_visited_at is not null as visited,
    first_times.first_added_to_cart_at is not null as added_to_cart,
    first_times.first_converted_at is not null as converted,
    first_times.first_visited_at,
    first_times.first_added_to_cart_at,
    first_times.first_converted_at
from {{ ref('stg_users') }} as users
left join first_times
    on users.user_id = first_times.user_id
