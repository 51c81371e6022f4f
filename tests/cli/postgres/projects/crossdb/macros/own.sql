{# In the place of the ones that karat brings: found by dispatching, and by name. #}
{% macro duckdb__bool_or(expression) %}max(({{ expression }})::int) = 1{% endmacro %}

{% macro default__length(expression) %}char_length({{ expression }}){% endmacro %}

{% macro right(string_text, length_expression) %}'own right'{% endmacro %}

{% macro duckdb__in_my_way() %}'for duckdb'{% endmacro %}
{% macro default__in_my_way() %}'for all'{% endmacro %}
{% macro in_my_way() %}{{ return(adapter.dispatch('in_my_way')()) }}{% endmacro %}
{% macro in_their_way() %}{{ return(adapter.dispatch('in_my_way', 'nobody')()) }}{% endmacro %}
