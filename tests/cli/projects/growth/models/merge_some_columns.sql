{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='id',
    merge_update_columns=['status', 'batch'],
) }}
select * from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}qualify row_number() over (partition by id order by batch desc) = 1{% endif %}
