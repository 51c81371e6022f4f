{{ config(tags=['money'], severity='error') }}
select a, b from
  (select sum(revenue) as a from {{ ref('revenue') }}),
  (select sum(amount) as b from {{ ref('completed') }})
where a is distinct from b
