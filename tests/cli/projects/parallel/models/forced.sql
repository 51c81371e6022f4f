{{ config(concurrent_batches=true) }}
-- reads {{ this }}
select id, happened, amount from {{ ref('readings') }}
