{% macro ours() %}'ours, in {{ tools.unit() | replace("'", '') }}'{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}
  {%- if custom_alias_name %}{{ custom_alias_name | trim }}_aliased{% else %}{{ node.name }}{% endif -%}
{% endmacro %}
{% macro default__rounding() %}'rounding of shop_source'{% endmacro %}
