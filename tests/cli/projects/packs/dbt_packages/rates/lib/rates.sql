{% macro rate() %}{{ return(adapter.dispatch('rate', 'rates')()) }}{% endmacro %}
{% macro default__rate() %}rates rate{% endmacro %}
{% macro generate_schema_name(custom_schema_name=none, node=none) %}rates_schema{% endmacro %}
