{% macro kinds() %}{{ return(['one', 'two']) }}{% endmacro %}
{% macro some_text() %}one{% endmacro %}
{% macro add(n) %}{{ return(n + 1) }}{% endmacro %}
{% macro shown(value) %}'{{ value | string | replace("'", "`") }} {{ value is string }} {{ value is number }} {{ value is mapping }} {{ value is none }}'{% endmacro %}
{% test shows(model, column_name=none, a=none, b=none, c=none, options=none) %}
{{ config(severity='warn') }}
select * from (select {{ shown(a) }} as a, {{ shown(b) }} as b, {{ shown(c) }} as c, {{ shown(options) }} as options)
where a || b || c || options = '' and exists (select 1 from {{ model }})
{% endtest %}
{% test holds(model, expression, column_name=none, relation=none) %}
select * from {{ model }} where not ({{ expression }}) {% if relation %} or id not in (select id from {{ relation }}){% endif %}
{% endtest %}
