{{ config(materialized='table', unlogged=true) }}
select id from {{ ref('orders') }}
