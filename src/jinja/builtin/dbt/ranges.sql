{# Days of partitions. #}

{% macro convert_datetime(date_str, date_fmt) %}
{%- set message = "the day '" ~ date_str ~ "' is not of the format '" ~ date_fmt ~ "'" -%}
{{ return(try_or_compiler_error(message, modules.datetime.datetime.strptime, date_str.strip(), date_fmt)) }}
{% endmacro %}

{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt='%Y%m%d', out_fmt='%Y%m%d') %}
{%- set first = convert_datetime(start_date_str, in_fmt) -%}
{%- set last = first if end_date_str is none else convert_datetime(end_date_str, in_fmt) -%}
{%- set count = (last - first).days -%}
{%- if count < 0 -%}
    {%- do exceptions.raise_compiler_error('the first day of a range is after its last: ' ~ first ~ ', ' ~ last) -%}
{%- endif -%}
{%- set days = [] -%}
{%- for i in range(count + 1) -%}
    {%- set day = first + modules.datetime.timedelta(days=i) -%}
    {%- do days.append(day.strftime(out_fmt) if out_fmt else day) -%}
{%- endfor -%}
{{ return(days) }}
{% endmacro %}

{# `first` or `first,last`. #}
{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') %}
{%- set ends = (raw_partition_date | string).split(',') -%}
{%- if ends | length > 2 -%}
    {%- do exceptions.raise_compiler_error('a range of days is `first` or `first,last`: ' ~ raw_partition_date) -%}
{%- endif -%}
{{ return(dates_in_range(ends[0], ends[1] if ends | length == 2 else none, in_fmt=date_fmt)) }}
{% endmacro %}

{% macro py_current_timestring() %}
{{ return(modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')) }}
{% endmacro %}
