{% macro checked(kind) %}
  {% if kind not in ['a', 'b'] %}
    {{ exceptions.raise_compiler_error("kind must be a or b, not " ~ kind) }}
  {% endif %}
  {{ return(kind) }}
{% endmacro %}
