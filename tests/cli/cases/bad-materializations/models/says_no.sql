{{ config(materialized='says_no') }}
select 1 as a
