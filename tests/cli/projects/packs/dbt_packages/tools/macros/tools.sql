{% macro cents(c) %}({{ c }} / 100.0){% endmacro %}
{% macro label(x) %}tools label {{ x }}{% endmacro %}
{% macro greet() %}{{ return(adapter.dispatch('greet', 'tools')()) }}{% endmacro %}
{% macro default__greet() %}tools greets{% endmacro %}
{% macro default__rate() %}tools rate{% endmacro %}
{% macro shows_var() %}{{ var('shadowed') }}/{{ var('package_default', 'none') }}{% endmacro %}
{% macro calls_unqualified() %}{{ label('inner') }}{% endmacro %}
{% macro twice_named() %}tools{% endmacro %}
{% macro overridden_in_root() %}tools{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ (custom_alias_name or node.name) ~ '_t' }}{% endmacro %}
{% test above(model, column_name, edge) %}
select * from {{ model }} where {{ column_name }} <= {{ edge }}
{% endtest %}
{% test unqualified_of_package(model, column_name) %}
select * from {{ model }} where {{ column_name }} is null
{% endtest %}
