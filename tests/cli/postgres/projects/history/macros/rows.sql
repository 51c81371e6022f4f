{# The rows of the source as they are at one time or another. #}
{% macro rows(round) %}
{%- set rounds = {
    1: [[1, 'a', 'red', 10, '01'], [2, 'a', 'green', 20, '01'], [3, 'b', none, 30, '01']],
    2: [[1, 'a', 'blue', 10, '02'], [2, 'a', 'green', 20, '01'], [4, 'b', 'white', none, '02']],
    3: [[1, 'a', 'blue', 11, '02'], [2, 'a', none, 20, '03'], [3, 'b', 'black', 30, '03'], [4, 'b', 'white', 40, '02']],
    4: [[1, 'a', 'blue', 11, '04'], [2, 'c', 'green', 21, '04'], [3, 'b', 'black', 30, '03']],
    5: [[1, 'a', 'blue', 11, '04'], [3, 'b', 'black', 30, '05'], [4, 'b', 'white', 40, '02'], [5, 'd', 'pink', 50, '05']],
} -%}
{%- for row in rounds[round] %}
select
    {{ row[0] }} as id,
    '{{ row[1] }}' as kind,
    {{ "'" ~ row[2] ~ "'" if row[2] else 'cast(null as varchar)' }} as "Colour",
    {% if round < 5 %}cast({{ row[3] if row[3] else 'null' }} as {{ 'bigint' if round > 3 else 'integer' }}) as amount,{% endif %}
    {% if round > 2 %}{{ row[0] * 100 }} as added,{% endif %}
    timestamp '2024-01-{{ row[4] }} 12:00:00' as updated_at
{{ 'union all' if not loop.last }}
{%- endfor %}
{% endmacro %}
