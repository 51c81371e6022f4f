{% macro doubled(column) %}{{ column }} * {{ tools.factor() }}{% endmacro %}
{% macro factor() %}2{% endmacro %}
{% macro unit() %}{{ return(adapter.dispatch('unit', 'tools')()) }}{% endmacro %}
{% macro default__unit() %}'unit of tools'{% endmacro %}
{% macro rounding() %}{{ return(adapter.dispatch('rounding', macro_namespace='tools')()) }}{% endmacro %}
{% macro default__rounding() %}'default rounding of tools'{% endmacro %}
{% macro duckdb__rounding() %}'rounding of tools for duckdb'{% endmacro %}
{% macro which() %}'which of tools'{% endmacro %}
{% macro calls_which() %}{{ which() }}{% endmacro %}
{% macro told_scale() %}{{ var('scale', 'no scale here') if false else 1 }}{% endmacro %}
{% macro told_default() %}{{ var('of_tools', 'unknown here') }}{% endmacro %}
{% macro shared_name() %}'shared of tools'{% endmacro %}
