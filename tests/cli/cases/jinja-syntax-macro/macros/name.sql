{% macro (x) %}{% endmacro %}
