{{ config(materialized='external', schema='apart') }}
select * from {{ ref('nothing') }} union all select * from {{ ref('plain') }}
