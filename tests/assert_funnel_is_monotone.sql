-- Nobody reaches a step of the funnel without, or before, the step ahead of it.
select *
from {{ ref('funnel_users') }}
where
    (added_to_cart and not visited)
    or (converted and not added_to_cart)
    or first_added_to_cart_at < first_visited_at
    or first_converted_at < first_added_to_cart_at
