select *
from raw
where day >= '{{ var('start_dat') }}'
