{% set x 3 %}
select 1
