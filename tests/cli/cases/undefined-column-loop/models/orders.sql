{% for column in columns %}
  {{ column }}
{% endfor %}
select 1 as a
