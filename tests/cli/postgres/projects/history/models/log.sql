{{ config(materialized='incremental') }}
select 0 as n, 'start' as what
{% if is_incremental() %} where false {% endif %}
