select 1 as a
from (select 2 as b
