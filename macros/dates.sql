{#- Dates. Every macro takes and returns SQL expressions; the results are of type date. -#}

{% macro to_date(moment) %}cast({{ moment }} as date){% endmacro %}

{#- The Monday of the week. -#}
{% macro week_start(moment) %}{{ return(adapter.dispatch('week_start', 'execkpi')(moment)) }}{% endmacro %}
{% macro default__week_start(moment) %}cast(date_trunc('week', cast({{ moment }} as timestamp)) as date){% endmacro %}
{% macro bigquery__week_start(moment) %}date_trunc(cast({{ moment }} as date), isoweek){% endmacro %}

{#- The first day of the month. -#}
{% macro month_start(moment) %}{{ return(adapter.dispatch('month_start', 'execkpi')(moment)) }}{% endmacro %}
{% macro default__month_start(moment) %}cast(date_trunc('month', cast({{ moment }} as timestamp)) as date){% endmacro %}
{% macro bigquery__month_start(moment) %}date_trunc(cast({{ moment }} as date), month){% endmacro %}

{#- A date some days later, or earlier if `days` is negative. -#}
{% macro add_days(day, days) %}{{ return(adapter.dispatch('add_days', 'execkpi')(day, days)) }}{% endmacro %}
{% macro default__add_days(day, days) %}({{ day }} + cast({{ days }} as integer)){% endmacro %}
{% macro bigquery__add_days(day, days) %}date_add({{ day }}, interval {{ days }} day){% endmacro %}

{#- Whole days from one date to another: negative if `last` comes first. -#}
{% macro days_between(first, last) %}{{ return(adapter.dispatch('days_between', 'execkpi')(first, last)) }}{% endmacro %}
{% macro default__days_between(first, last) %}cast({{ last }} - {{ first }} as {{ integer_type() }}){% endmacro %}
{% macro duckdb__days_between(first, last) %}date_diff('day', {{ first }}, {{ last }}){% endmacro %}
{% macro bigquery__days_between(first, last) %}date_diff({{ last }}, {{ first }}, day){% endmacro %}
