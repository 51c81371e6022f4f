{% macro load_csv_rows(model, agate_table) %}
{% if model.name == 'own' %}
  {% set sql %}insert into {{ this }} values {% for row in agate_table.rows %}({{ row['id'] * 10 }}){{ ', ' if not loop.last }}{% endfor %}{% endset %}
  {% do adapter.add_query(sql) %}
  {{ return(sql) }}
{% endif %}
{{ return(adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table)) }}
{% endmacro %}
