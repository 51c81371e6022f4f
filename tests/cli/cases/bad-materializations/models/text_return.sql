{{ config(materialized='text_return') }}
select 1 as a
