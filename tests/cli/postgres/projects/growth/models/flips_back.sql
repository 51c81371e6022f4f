{{ config(materialized='table' if var('batch') == 1 else 'view') }}
select max(id) as top from {{ ref('flips') }}
