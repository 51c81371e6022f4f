{% set name = 'ordrs' %}
select * from {{ ref(name) }}
