select
    ordered_on,
    count(*) as orders
from {{ ref('order') }}
group by 1
