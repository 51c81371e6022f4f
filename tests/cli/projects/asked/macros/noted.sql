{% macro noted(relation) %}create or replace table {{ target.schema }}.noted as select count(*) as n from {{ relation }}{% endmacro %}
