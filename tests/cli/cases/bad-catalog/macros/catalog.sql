{% macro get_catalog(information_schema, schemas) %}{{ return(1) }}{% endmacro %}
