{{ config(materialized='table') }}
select 1 + date '2024-01-01' + 'x' as n,
  sum('a') as b
