{{ config(materialized='incremental', unique_key='id', on_schema_change='fail') }}
select {% if not is_incremental() %}distinct on (id){% endif %} id, batch{% if var('batch') == 2 %}, amount{% endif %}
from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
