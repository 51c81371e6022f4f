{% macro postgres__collect_freshness(source, loaded_at_field, filter) %}
  {% if filter and 'collected' in filter %}
    {% call statement('own', fetch_result=True) %}select timestamp '2021-02-03 00:00:00' as a, timestamp '2021-02-03 01:00:00' as b{% endcall %}
    {{ return(load_result('own')) }}
  {% endif %}
  {{ return(default__collect_freshness(source, loaded_at_field, filter)) }}
{% endmacro %}
