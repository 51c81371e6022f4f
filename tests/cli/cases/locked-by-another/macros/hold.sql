{% macro hold() %}
  {% do run_query('select 1') %}
  {% do print('holding') %}
  {% do run_query('select count(*) from range(100000000000) a, range(1000000000) b where a.range % 7 = b.range % 11') %}
{% endmacro %}
