{% test odd(model, column_name) %}
select {{ column_name from {{ model }}
{% endtest %}
