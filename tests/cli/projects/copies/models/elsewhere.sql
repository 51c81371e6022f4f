{{ config(materialized='table', schema='apart', alias='other_name') }}
select 1 as id
