{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', on_schema_change='append_new_columns') }}
select 1 as id, {{ var('round') }} as round {% if var('round') > 2 %}, 'x' as extra{% endif %}
