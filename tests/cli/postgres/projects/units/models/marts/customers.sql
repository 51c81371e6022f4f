{{ config(materialized='table') }}
with orders as (select * from {{ ref('stg_orders') }})
select customer, count(*) as orders, sum(amount) as total, min(ordered_on) as first_order,
  '{{ label() }}' as label, '{{ env_var("KARAT_FIXTURE", "none") }}' as env
from orders join {{ ref('countries') }} c on c.code = orders.country
group by customer
