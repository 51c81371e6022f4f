{{ config(materialized='incremental', incremental_strategy='merge', unique_key='"Order Id"', merge_exclude_columns=['made_so']) }}
select {% if not is_incremental() %}distinct on (id){% endif %} id as "Order Id", status as "select", amount as "Made So", batch from {{ ref('orders') }}
{{ new_rows() }}
{% if not is_incremental() %}order by id, batch desc{% endif %}
