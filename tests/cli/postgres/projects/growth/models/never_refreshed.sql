{{ config(materialized='incremental', full_refresh=false) }}
select id, batch from {{ ref('orders') }}
{{ new_rows() }}
