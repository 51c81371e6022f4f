{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) %}
{{ return(_snapshot_update_and_insert(target, source, insert_cols)) }}
{% endmacro %}

{% macro duckdb__post_snapshot(temporary_relation) %}
{%- do drop_relation(temporary_relation) -%}
{% endmacro %}
