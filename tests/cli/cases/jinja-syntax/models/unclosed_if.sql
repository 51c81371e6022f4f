select 1
{% if execute %}
