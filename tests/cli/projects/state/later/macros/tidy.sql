{% macro tidy(name) %}{{ inner_tidy(name) }}{% endmacro %}
{% macro inner_tidy(name) %}trim(lower({{ name }})){% endmacro %}
{% macro unused() %}2{% endmacro %}
{% test at_least_one(model) %}select 1 where (select count(*) from {{ model }}) < {{ least() }}{% endtest %}
{% macro least() %}1 + 0{% endmacro %}
