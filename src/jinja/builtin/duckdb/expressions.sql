{% macro duckdb__any_value(expression) %}{{ return('arbitrary(' ~ expression ~ ')') }}{% endmacro %}

{% macro duckdb__date(year, month, day) -%}
make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{# A count times one interval: the count may be a column. Weeks and quarters are spelled out. #}
{% macro duckdb__dateadd(datepart, interval, from_date_or_timestamp) %}
{%- set unit = datepart | lower -%}
{%- set count = 'cast(' ~ interval ~ ' as bigint)' -%}
{%- if unit == 'quarter' -%}{%- set count, unit = '(' ~ count ~ ' * 3)', 'month' -%}{%- endif -%}
{%- if unit == 'week' -%}{%- set count, unit = '(' ~ count ~ ' * 7)', 'day' -%}{%- endif %}
({{ from_date_or_timestamp }} + {{ count }} * interval 1 {{ unit }})
{%- endmacro %}

{% macro duckdb__datediff(first_date, second_date, datepart) -%}
{%- if datepart == 'week' %}
({{ datediff(first_date, second_date, 'day') }} // 7 + {{ _week_correction(first_date, second_date) }})
{% else %}
(date_diff('{{ datepart }}', {{ first_date }}::timestamp, {{ second_date }}::timestamp ))
{% endif %}
{%- endmacro %}

{% macro duckdb__last_day(date, datepart) %}
{{ return(_last_day_of_quarter(date) if datepart == 'quarter' else dbt.default_last_day(date, datepart)) }}
{% endmacro %}

{% macro duckdb__generate_series(upper_bound) %}
select generate_series as generated_number
from generate_series(1, {{ upper_bound }})
{% endmacro %}

{% macro duckdb__listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
{%- if limit_num -%}
list_aggr( (array_agg( {{ measure }} {{ order_by_clause or '' }} ))[1:{{ limit_num }}], 'string_agg', {{ delimiter_text }} )
{%- else -%}
{{ _listagg_string_agg(measure, delimiter_text, order_by_clause) }}
{%- endif -%}
{%- endmacro %}

{% macro duckdb__split_part(string_text, delimiter_text, part_number) %}
string_split({{ string_text }}, {{ delimiter_text }})[ {{ part_number }} ]
{% endmacro %}

{% macro duckdb__current_timestamp() %}{{ return('now()') }}{% endmacro %}
{% macro duckdb__snapshot_get_time() %}{{ return(current_timestamp() ~ '::timestamp') }}{% endmacro %}
{% macro duckdb__snapshot_string_as_time(timestamp) %}{{ return("'" ~ timestamp ~ "'::timestamp") }}{% endmacro %}
