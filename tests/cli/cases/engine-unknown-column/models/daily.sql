{{ config(materialized='table') }}

select
    ordered_on,
    count(*) as orders,
    min(custmer_id) as first_customer
from {{ ref('orders') }}
group by 1
