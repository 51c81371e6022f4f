select 9 as v
