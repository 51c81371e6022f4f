{{ config(materialized='incremental', unique_key='id', on_schema_change='sync_all_columns') }}
select id, batch, {% if var('batch') == 1 %}status{% else %}amount, note{% endif %}
from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}qualify row_number() over (partition by id order by batch desc) = 1{% endif %}
