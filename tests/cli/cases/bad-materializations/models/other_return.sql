{{ config(materialized='other_return') }}
select 1 as a
