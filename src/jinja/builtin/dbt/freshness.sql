{% macro default__collect_freshness(source, loaded_at_field, filter) %}
{%- call statement('collect_freshness', fetch_result=true, auto_begin=false) -%}
select max({{ loaded_at_field }}) as max_loaded_at, {{ current_timestamp() }} as snapshotted_at
from {{ source }}
{% if filter %}where {{ filter }}{% endif %}
{%- endcall -%}
{{ return(load_result('collect_freshness')) }}
{% endmacro %}

{% macro default__collect_freshness_custom_sql(source, loaded_at_query) %}
{%- call statement('collect_freshness_custom_sql', fetch_result=true, auto_begin=false) -%}
with asked as (
{{ loaded_at_query }}
)
select (select * from asked) as max_loaded_at, {{ current_timestamp() }} as snapshotted_at
{%- endcall -%}
{{ return(load_result('collect_freshness_custom_sql')) }}
{% endmacro %}
