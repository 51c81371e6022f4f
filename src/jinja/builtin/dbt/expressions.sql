{% macro default__any_value(expression) %}{{ return('any_value(' ~ expression ~ ')') }}{% endmacro %}
{% macro default__bool_or(expression) %}{{ return('bool_or(' ~ expression ~ ')') }}{% endmacro %}
{% macro default__except() %} except {% endmacro %}
{% macro default__intersect() %} intersect {% endmacro %}

{# Whether two expressions are the same: two nulls are, where the project asked for that. #}
{% macro default__equals(expr1, expr2) -%}
{%- if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn %}
case when (({{ expr1 }} = {{ expr2 }}) or ({{ expr1 }} is null and {{ expr2 }} is null)) then 0 else 1 end = 0
{%- else -%}
({{ expr1 }} = {{ expr2 }})
{%- endif %}
{% endmacro %}

{% macro _equals_by_distinct(expr1, expr2) -%}
{%- set operator = 'IS NOT DISTINCT FROM' if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn else '=' -%}
({{ expr1 }} {{ operator }} {{ expr2 }})
{%- endmacro %}

{% macro default__array_append(array, new_element) %}{{ return('array_append(' ~ array ~ ', ' ~ new_element ~ ')') }}{% endmacro %}
{% macro default__array_concat(array_1, array_2) %}{{ return('array_cat(' ~ array_1 ~ ', ' ~ array_2 ~ ')') }}{% endmacro %}

{% macro default__array_construct(inputs=[], data_type=api.Column.translate_type('integer')) %}
{%- if inputs %} array[ {{ inputs | join(' , ') }} ] {% else %} array[]::{{ data_type }}[] {% endif -%}
{% endmacro %}
