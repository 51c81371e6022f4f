{% test positive(model, column_name) %}select * from {{ model }} where not {{ column_name }} > 0{% endtest %}
{% test at_most(model, column_name, limit=5) %}select * from {{ model }} where {{ column_name }} > {{ limit }}{% endtest %}
{% test has_rows(model) %}select 1 as missing where (select count(*) from {{ model }}) = 0{% endtest %}
