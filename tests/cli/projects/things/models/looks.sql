{{ config(materialized='view') }}
select * from {{ ref('typed') }}
