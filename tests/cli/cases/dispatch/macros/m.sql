{% macro hashed(x) %}{{ return(adapter.dispatch('hashed')(x)) }}{% endmacro %}
{% macro postgres__hashed(x) %}md5({{ x }}){% endmacro %}
