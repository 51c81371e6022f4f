{% macro fine() %}1{% endmacro %}

{% macro inner(x) %}
  {% if x %}
    {{ x }}
{% endmacro %}
