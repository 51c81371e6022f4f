{{ config(materialized=var('kind', 'table')) }}
select {{ var('second', 2) }} as n
