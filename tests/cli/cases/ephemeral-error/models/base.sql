{{ config(materialized='ephemeral') }}
select amout from (select 1 as amount)
