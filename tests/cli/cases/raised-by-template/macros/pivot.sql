{% macro pivot(kinds) %}
  {% for kind in kinds %}
    {{ checked(kind) }},
  {% endfor %}
{% endmacro %}
