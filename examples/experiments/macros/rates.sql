{#- How often a condition holds, from 0 to 1, where it is known; null without rows. -#}
{% macro rate(condition) -%}
    cast(avg(case when {{ condition }} then 1 when not ({{ condition }}) then 0 end) as double precision)
{%- endmacro %}

{#- A continuous percentile; `p` is from 0 to 1. -#}
{% macro percentile(p, value) -%}
    percentile_cont({{ p }}) within group (order by {{ value }})
{%- endmacro %}
