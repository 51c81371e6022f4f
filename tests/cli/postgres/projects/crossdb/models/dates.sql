select id,
    {% for part in ['day', 'week', 'month', 'quarter', 'year', 'hour'] %}
    {{ dbt.datediff('a', 'b', part) }} as diff_{{ part }},
    {{ dateadd(part, 'id', 'a') }} as plus_{{ part }},
    {{ dbt.date_trunc(part, 'b') }} as start_of_{{ part }},
    {% endfor %}
    {{ dbt.last_day('a', 'month') }} as last_of_month,
    {{ dbt.last_day('a', 'quarter') }} as last_of_quarter,
    {{ dbt.date(2024, 2, 29) }} as leap_day,
    {{ dbt.current_timestamp() }} is not null as now
from {{ ref('base') }}
