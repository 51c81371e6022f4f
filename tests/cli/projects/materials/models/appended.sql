{{ config(materialized='incremental', on_schema_change='append_new_columns', full_refresh=false) }}
select 1 as id {% if is_incremental() %}, 'new' as added{% endif %}
