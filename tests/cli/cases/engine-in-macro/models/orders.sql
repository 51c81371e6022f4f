select
    1 as a,
    {{ cents('amont') }} as dollars
from (select 2 as amount)
