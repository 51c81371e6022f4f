{{ config(materialized='view' if var('batch') == 1 else ('table' if var('batch') == 2 else 'view')) }}
select id, '{{ model.config.materialized }}' as made_as from {{ ref('orders') }}
