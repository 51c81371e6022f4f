{{ config(materialized='external', location='no/such/folder/x.parquet', enabled=var('wrong', false)) }}
select 1 as n
