{% test small(model, column_name, edge) %}
select * from {{ model }} where {{ column_name }} >= {{ edge }}
{% endtest %}
