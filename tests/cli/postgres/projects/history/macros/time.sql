{# Times that are the same whenever this runs. #}
{% macro snapshot_get_time() %}cast('{{ var('now') }}' as timestamp){% endmacro %}
