select 10 as v
