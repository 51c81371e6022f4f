{{ config(materialized='external') }}
select 1 as id, 'one' as name, date '2024-01-31' as day union all select {{ var('second', 2) }}, 'two', null
