with ranked as (
    select *, row_number() over (partition by customer_id order by day) as n from {{ ref('completed') }}
)
select customer_id, count(*) as orders, sum(amount) as amount, min(day) as first_day from ranked group by 1
