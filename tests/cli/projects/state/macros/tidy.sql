{% macro tidy(name) %}{{ inner_tidy(name) }}{% endmacro %}
{% macro inner_tidy(name) %}trim({{ name }}){% endmacro %}
{% macro unused() %}1{% endmacro %}
{% test at_least_one(model) %}select 1 where (select count(*) from {{ model }}) < {{ least() }}{% endtest %}
{% macro least() %}1{% endmacro %}
