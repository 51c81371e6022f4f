-- no order without a customer
select *
from {{ ref('orders') }}
where customr_id is null
