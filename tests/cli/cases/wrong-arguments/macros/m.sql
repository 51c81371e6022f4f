{% macro cents(column, digits=2) %}
round({{ column }} / 100.0, {{ digits }})
{% endmacro %}

{% macro outer(column) %}
  {{ cents(column, 2, 3) }}
{% endmacro %}
