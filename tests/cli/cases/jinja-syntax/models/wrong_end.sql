{% if execute %}
select 1
{% endfor %}
