{% macro cents(column) %}
  round(
    {{ column }} / 100.0
  )
{% endmacro %}
