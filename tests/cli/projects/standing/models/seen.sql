{{ config(materialized='table') }}
{% if execute %}
select 1 as id, '{{ adapter.get_columns_in_relation(ref('raw')) | map(attribute='name') | join(' ') }}' as cols,
'{{ adapter.get_columns_in_relation(source('s', 'raw')) | map(attribute='dtype') | join(' ') }}' as types,
'{{ load_relation(this) }}' as here
{% else %}
select 1 as id
{% endif %}
-- {{ ref('raw') }} {{ source('s', 'raw') }}
