{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='id',
    merge_exclude_columns=['amount'],
    incremental_predicates=["DBT_INTERNAL_DEST.day < date '2024-01-02'"],
) }}
select {% if not is_incremental() %}distinct on (id){% endif %} * from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
