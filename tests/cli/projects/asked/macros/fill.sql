{% macro fill(relation) %}
  {% if execute %}
    {% call statement('insert') %}insert into {{ relation }} values (1, 'statement of the hook'){% endcall %}
    {% do return("insert into " ~ relation ~ " values (2, 'text of the hook')") %}
  {% endif %}
{% endmacro %}
