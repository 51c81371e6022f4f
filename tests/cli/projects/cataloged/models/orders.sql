{{ config(materialized='table', schema='Sold') }}
select id, amount as "Total Amount", on_day, [1, 2] as list, {'a': 1} as parts from {{ source('outside', 'raw') }}
-- depends_on: {{ ref('raw') }}
