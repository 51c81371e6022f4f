{{ config(materialized='incremental') }}
select id, status, batch from {{ ref('orders') }}
{{ new_rows() }}
