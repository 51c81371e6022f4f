{% macro forget() %}
{%- for name in ['plain', 'parted'] -%}{%- do run_query('drop view if exists main.' ~ name) -%}{%- endfor -%}
{% endmacro %}
