{% macro default__get_powers_of_two(upper_bound) %}
{%- if upper_bound <= 0 -%}{{ exceptions.raise_compiler_error('upper bound must be positive') }}{%- endif -%}
{%- for exponent in range(1, 100) if 2 ** exponent >= upper_bound -%}{{ return(exponent) }}{%- endfor -%}
{% endmacro %}

{# The numbers from 1, put together from one bit for each power of two. #}
{% macro default__generate_series(upper_bound) %}
{%- set bits = range(dbt.get_powers_of_two(upper_bound)) %}
with p as (
    select 0 as generated_number union all select 1
), unioned as (
    select {% for bit in bits %}p{{ bit }}.generated_number * power(2, {{ bit }}) {% if not loop.last %}+ {% endif %}{% endfor %}+ 1
        as generated_number
    from {% for bit in bits %}p as p{{ bit }} {% if not loop.last %}cross join {% endif %}{% endfor %}
)
select * from unioned
where generated_number <= {{ upper_bound }}
order by generated_number
{% endmacro %}

{# Asks the warehouse; 1 while the project is only being read. #}
{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
{%- call statement('get_intervals_between', fetch_result=true) -%}
select {{ dbt.datediff(start_date, end_date, datepart) }}
{%- endcall -%}
{%- set found = load_result('get_intervals_between') -%}
{{ return(found['data'][0][0] if found and found['data'] else 1) }}
{%- endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
{%- set nth = dbt.dateadd(datepart, 'row_number() over (order by 1) - 1', start_date) %}
with rawdata as (
    {{ dbt.generate_series(dbt.get_intervals_between(start_date, end_date, datepart)) }}
),
all_periods as (
    select ( {{ nth }} ) as date_{{ datepart }}
    from rawdata
),
filtered as (
    select * from all_periods
    where date_{{ datepart }} <= {{ end_date }}
)
select * from filtered
{% endmacro %}
