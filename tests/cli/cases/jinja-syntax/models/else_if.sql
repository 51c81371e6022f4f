{% if a %}
select 1
{% else if b %}
select 2
{% endif %}
