{{ config(materialized='incremental', incremental_strategy='tagged') }}
select {{ var('round') }} as id, 'fresh' as tag, {{ is_incremental() }} as grows
