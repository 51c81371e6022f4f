{% macro list_relations_without_caching(schema_relation) %}{{ return([schema_relation.schema]) }}{% endmacro %}
