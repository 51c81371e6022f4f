{{ config(materialized='table', post_hook='vacuum {{ this }}') }}
select id from {{ ref('raw_orders') }}
