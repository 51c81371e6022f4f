{{ config(materialized='incremental', unique_key=['id', 'kind'], meta={'kept': true}, on_schema_change='sync_all_columns') }}
select {{ var('round') }} % 2 as id, 'k' as kind, {{ var('round') }} as round
{% if var('round') > 3 %}, 1.5 as added{% endif %}
