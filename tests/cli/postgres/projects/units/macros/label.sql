{% macro label() %}{{ return('plain') }}{% endmacro %}
