{{ config(materialized='incremental', unique_key='id') }}
select 1 as id, {{ 2 if is_incremental() else 1 }} as round union all select {{ 3 if is_incremental() else 2 }}, 0
