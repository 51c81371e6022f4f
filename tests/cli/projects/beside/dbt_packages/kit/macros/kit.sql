{% macro word() %}'a'{% endmacro %}

{% macro filler() %}select {{ word() }} as word{% endmacro %}

{# The macro beside this one is named without its package: that is found while the project is read. #}
{% test near(model, column_name) %}
{% if execute %}select * from {{ model }} where {{ column_name }} is null{% else %}{{ kit.filler() }}{% endif %}
{% endtest %}

{% test far(model, column_name) %}
select * from {{ model }} where {{ column_name }} is null and {{ column_name }} in ({{ kit.filler() }})
{% endtest %}

{% macro choose() %}{{ return(adapter.dispatch('choose', 'nowhere')()) }}{% endmacro %}
{% macro default__choose() %}1{% endmacro %}
