select 1 as A
