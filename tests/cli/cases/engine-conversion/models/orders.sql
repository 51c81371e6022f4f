{{ config(materialized='table') }}
select
    cast('abc' as integer) as n
