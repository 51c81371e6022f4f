{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns') }}
select {% if not is_incremental() %}distinct on (id){% endif %}
    id,
    batch,
    {% if var('batch') == 1 -%}
    status,
    id::integer as number
    {%- else -%}
    {% if 'append_new_columns' == 'ignore' %}status, id as number,{% endif %}
    amount,
    id::bigint * 10000000000 as number_wide
    {%- endif %}
from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
