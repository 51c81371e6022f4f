select
    1 as a,
    {{ cents('amount') }} as amount
from (select 2 as b)
