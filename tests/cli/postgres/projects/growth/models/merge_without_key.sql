{{ config(materialized='incremental', incremental_strategy='merge') }}
select id, batch from {{ ref('orders') }}
{{ new_rows() }}
