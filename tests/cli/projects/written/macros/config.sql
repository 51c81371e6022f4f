{% macro project() %}{{ return(builtins.ref.config) }}{% endmacro %}
