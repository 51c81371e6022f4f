{{ config(concurrent_batches=false) }}
select id, happened, amount from {{ ref('beside') }}
