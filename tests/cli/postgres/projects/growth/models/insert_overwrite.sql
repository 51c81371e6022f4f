{{ config(materialized='incremental', incremental_strategy='insert_overwrite') }}
select id, batch from {{ ref('orders') }}
