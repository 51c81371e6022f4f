{{ config(materialized='unknown_one') }}
select 1 as a
