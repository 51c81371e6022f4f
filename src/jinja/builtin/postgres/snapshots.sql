{% macro postgres__snapshot_merge_sql(target, source, insert_cols) %}
{{ return(_snapshot_update_and_insert(target, source, insert_cols)) }}
{% endmacro %}
