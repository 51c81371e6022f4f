select * from {{ ref('orders', v=1) }} cross join {{ ref('gone') }}
