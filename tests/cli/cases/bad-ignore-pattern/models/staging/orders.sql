select 1 as order_id, 10 as customer_id, date '2024-01-05' as ordered_on, 'placed' as status
