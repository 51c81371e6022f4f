{#- No two rows agree in all the columns of the key. -#}
{% test unique_combination(model, key) %}
select
    {{ key | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ key | join(', ') }}
having count(*) > 1
{% endtest %}
