{% test rows_match(model, expression) %}
select * from (select {{ expression }} as ok from {{ model }}) where not ok
{% endtest %}

{% macro new_rows() -%}
  {%- if is_incremental() %}
  where batch > (select coalesce(max(batch), 0) from {{ this }})
  {%- endif %}
{%- endmacro %}
