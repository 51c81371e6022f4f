{% macro money(column, scale=2, factor=1) -%}
    round({{ column }} * {{ factor }}, {{ scale }})::decimal(12, {{ scale }})
{%- endmacro %}

{% macro note_start() %}
    {% if execute %}
    insert into audit.log values (-1, 'start {{ selected_resources | length > 0 }} {{ flags.WHICH }} {{ target.schema }}')
    {% endif %}
{% endmacro %}

{% test positive(model, column_name) %}
select {{ column_name }} from {{ model }} where {{ column_name }} < 0
{% endtest %}
