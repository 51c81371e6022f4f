{{ config(materialized='table', group='finance') }}
select id, day, amount, user_id from {{ ref('orders') }}
