{% macro vacuum(depth=0) %}
  {% do run_query('vacuum') %}
{% endmacro %}

{% macro broken() %}
  {% set sql %}
    select nothing_here
    from nowhere
  {% endset %}
  {% do run_query(sql) %}
{% endmacro %}
