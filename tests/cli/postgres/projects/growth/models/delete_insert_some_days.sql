{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='id',
    incremental_predicates=["day < date '2024-01-02'"],
) }}
select id, day, status, batch from {{ ref('orders') }}
{{ new_rows() }}
