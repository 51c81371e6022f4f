{% macro args(x, y=) %}{% endmacro %}
