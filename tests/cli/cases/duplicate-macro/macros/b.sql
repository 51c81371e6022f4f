-- again
{% macro cents(x) %}
{{ x }}
{% endmacro %}
