{% test mean_above(model, column_name, least) %}
{{ config(fail_calc='coalesce(max(missing), 0)', tags=['stat']) }}
select {{ least }} - avg({{ column_name }}) as missing from {{ model }} having avg({{ column_name }}) < {{ least }}
{% endtest %}
