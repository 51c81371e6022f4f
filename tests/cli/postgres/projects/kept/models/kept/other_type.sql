select 1 as a, 2.5::decimal(10,3) as b
