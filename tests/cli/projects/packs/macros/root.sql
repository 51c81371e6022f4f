{% macro label(x) %}root label {{ x }}{% endmacro %}
{% macro default__greet() %}root greets{% endmacro %}
{% macro twice_named() %}root{% endmacro %}
{% macro overridden_in_root() %}root wins{% endmacro %}
