{% macro default__current_timestamp() -%}
{{ exceptions.raise_not_implemented('current_timestamp macro not implemented for adapter ' ~ adapter.type()) }}
{%- endmacro %}

{% macro default__snapshot_get_time() %}
{{ current_timestamp() }}
{% endmacro %}

{% macro default__snapshot_string_as_time(timestamp) %}
{%- set message = 'snapshot_string_as_time macro not implemented for adapter ' ~ adapter.type() -%}
{{ exceptions.raise_not_implemented(message) }}
{% endmacro %}

{% macro default__current_timestamp_backcompat() %}
current_timestamp::timestamp
{% endmacro %}

{% macro default__current_timestamp_in_utc_backcompat() %}
{{ return(current_timestamp_backcompat()) }}
{% endmacro %}

{% macro get_snapshot_get_time_data_type() %}
{%- set columns = get_column_schema_from_query('select ' ~ snapshot_get_time() ~ ' as dbt_snapshot_time') -%}
{{ return(columns[0].dtype or none) }}
{% endmacro %}
