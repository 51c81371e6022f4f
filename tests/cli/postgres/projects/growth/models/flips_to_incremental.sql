{{ config(materialized='view' if var('batch') == 1 else 'incremental') }}
select id, batch, '{{ is_incremental() }}' as grows from {{ ref('orders') }}
{{ new_rows() }}
