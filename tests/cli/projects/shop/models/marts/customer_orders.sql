{{ config(schema='marts') }}
with /* ctes of its own */ base as (
    select * from {{ ref('stg_customers') }}
)
select base.*, coalesce(p.orders, 0) as orders, p.amount, p.first_day
from base
left join {{ ref('per_customer') }} p using (customer_id)
