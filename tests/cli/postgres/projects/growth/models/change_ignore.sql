{{ config(materialized='incremental', unique_key='id', on_schema_change='ignore') }}
select {% if not is_incremental() %}distinct on (id){% endif %}
    id,
    batch,
    {% if var('batch') == 1 -%}
    status,
    id::integer as number
    {%- else -%}
    {% if 'ignore' == 'ignore' %}status, id as number,{% endif %}
    amount,
    id::bigint * 10000000000 as big
    {%- endif %}
from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
