{% macro postgres__any_value(expression) %}{{ return('min(' ~ expression ~ ')') }}{% endmacro %}

{% macro postgres__equals(expr1, expr2) %}{{ return(_equals_by_distinct(expr1, expr2)) }}{% endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) %}
{{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{% endmacro %}

{# Postgres subtracts dates alone: every finer or coarser unit is counted from the next one that is known. #}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
{%- set base = {
    'quarter': ['year', ' * 4'], 'month': ['year', ' * 12'], 'week': ['day', ' / 7'], 'hour': ['day', ' * 24'],
    'minute': ['hour', ' * 60'], 'second': ['minute', ' * 60'], 'millisecond': ['minute', ' * 60000'],
    'microsecond': ['minute', ' * 60000000']
} -%}
{%- if datepart not in ['year', 'day'] and datepart not in base -%}
{{ exceptions.raise_compiler_error('Unsupported datepart for macro datediff in postgres: {!r}'.format(datepart)) }}
{%- endif -%}
{%- set type = 'date' if datepart in ['year', 'quarter', 'month', 'day'] else 'timestamp' -%}
{%- set open, close = ('floor(', ')') if 'second' in datepart else ('', '') -%}
{%- set part = [] -%}
{%- for moment in [second_date, first_date] -%}
{%- do part.append(open ~ "date_part('" ~ datepart ~ "', (" ~ moment ~ ")::" ~ type ~ ")" ~ close) -%}
{%- endfor -%}
{%- if datepart in base -%}{%- set whole = datediff(first_date, second_date, base[datepart][0]) ~ base[datepart][1] -%}{%- endif %}
{% if datepart == 'day' -%}
(({{ second_date }})::date - ({{ first_date }})::date)
{%- elif datepart == 'year' -%}
({{ part | join(' - ') }})
{%- elif datepart == 'week' -%}
({{ whole }} + {{ _week_correction(first_date, second_date) }})
{%- else -%}
({{ whole }} + {{ part | join(' - ') }})
{%- endif %}
{% endmacro %}

{% macro postgres__last_day(date, datepart) %}
{{ return(_last_day_of_quarter(date) if datepart == 'quarter' else dbt.default_last_day(date, datepart)) }}
{% endmacro %}

{% macro postgres__listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
{%- if limit_num -%}
array_to_string( (array_agg( {{ measure }} {{ order_by_clause or '' }} ))[1:{{ limit_num }}], {{ delimiter_text }} )
{%- else -%}
{{ _listagg_string_agg(measure, delimiter_text, order_by_clause) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__split_part(string_text, delimiter_text, part_number) %}
{%- set write = dbt.default__split_part if part_number >= 0 else dbt._split_part_negative -%}
{{ return(write(string_text, delimiter_text, part_number)) }}
{% endmacro %}

{% macro postgres__current_timestamp() %}{{ return('now()') }}{% endmacro %}
{% macro postgres__snapshot_get_time() %}{{ return(current_timestamp() ~ '::timestamp without time zone') }}{% endmacro %}
{% macro postgres__snapshot_string_as_time(timestamp) %}{{ return("'" ~ timestamp ~ "'::timestamp without time zone") }}{% endmacro %}
{% macro postgres__current_timestamp_backcompat() %} current_timestamp::{{ type_timestamp() }} {% endmacro %}
{% macro postgres__current_timestamp_in_utc_backcompat() %} (current_timestamp at time zone 'utc')::{{ type_timestamp() }} {% endmacro %}
