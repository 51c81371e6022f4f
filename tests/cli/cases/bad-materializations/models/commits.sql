{{ config(materialized='commits') }}
select 1 as a
