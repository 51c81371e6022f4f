{% test between(model, column_name, low, high=none) %}
{{ config(severity='warn', fail_calc="coalesce(sum(n), 0)") }}
select {{ column_name }}, count(*) as n from {{ model }}
where {{ column_name }} < {{ low }}{% if high is not none %} or {{ column_name }} > {{ high }}{% endif %}
group by 1
{% endtest %}

{% test at_least(model, n) %}
select count(*) as n from {{ model }} having count(*) < {{ n }}
{% endtest %}
