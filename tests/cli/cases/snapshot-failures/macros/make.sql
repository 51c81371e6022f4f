{% macro make() %}{% do run_query('create table taken as select 1 as id') %}{% endmacro %}
