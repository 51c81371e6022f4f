select 'completed' as src, count(*) as n from {{ ref('completed') }}
union all
select 'per_customer', count(*) from {{ ref('per_customer') }}
