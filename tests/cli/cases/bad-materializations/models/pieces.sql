{{ config(materialized='pieces') }}
select 1 as a
