{{ config(materialized='external', plugin='sheets') }}
select 1 as a
