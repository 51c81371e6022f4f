{{ config(materialized='external', options='all', enabled=var('wrong', false)) }}
select 1 as n
