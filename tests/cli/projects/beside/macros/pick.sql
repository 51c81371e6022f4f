{# A namespace that is no package is as good as none. #}
{% macro pick() %}{{ return(adapter.dispatch('pick', 'no_package')()) }}{% endmacro %}
{% macro default__pick() %}'picked by {{ adapter.dispatch('concat', 'nowhere')(["'a'", "'b'"]) | length }}'{% endmacro %}
