{{ config(materialized='incremental', unique_key='id', on_schema_change='fail') }}
select id, batch{% if var('batch') == 2 %}, amount{% endif %}
from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}qualify row_number() over (partition by id order by batch desc) = 1{% endif %}
