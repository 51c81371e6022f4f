-- the orders
select 'café' as place, 1 as ÿ
