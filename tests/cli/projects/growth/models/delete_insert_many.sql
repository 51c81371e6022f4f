{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['id', 'day']) }}
select * from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}qualify row_number() over (partition by id, day order by batch desc) = 1{% endif %}
