{% macro default__date(year, month, day) -%}
to_date('{{ modules.datetime.date(year, month, day) }}', 'YYYY-MM-DD')
{%- endmacro %}

{% macro default__date_trunc(datepart, date) -%}
date_trunc('{{ datepart }}', {{ date }})
{%- endmacro %}

{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}
dateadd( {{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }} )
{% endmacro %}

{% macro default__datediff(first_date, second_date, datepart) -%}
datediff( {{ datepart }}, {{ first_date }}, {{ second_date }} )
{%- endmacro %}

{% macro default__last_day(date, datepart) -%}
{{ dbt.default_last_day(date, datepart) }}
{%- endmacro %}

{# One period on from the start of this one, and a day back. #}
{% macro default_last_day(date, datepart) -%}
{%- set next = dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date)) -%}
cast( {{ dbt.dateadd('day', '-1', next) }} as date)
{%- endmacro %}

{# For engines whose intervals know no quarters. #}
{% macro _last_day_of_quarter(date) -%}
{%- set next = dbt.dateadd('month', '3', dbt.date_trunc('quarter', date)) -%}
cast( {{ dbt.dateadd('day', '-1', next) }} as date)
{%- endmacro %}

{# What whole weeks between two days miss, or have too much, of the weeks that start on Sundays. #}
{% macro _week_correction(first_date, second_date) -%}
case
    when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp) then
        case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
    else
        case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
end
{%- endmacro %}
