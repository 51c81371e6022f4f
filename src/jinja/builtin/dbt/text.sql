{% macro default__concat(fields) -%}
{{ fields | join(' || ') }}
{%- endmacro %}

{% macro default__hash(field) -%}
md5(cast({{ field }} as {{ api.Column.translate_type('string') }}))
{%- endmacro %}

{% macro default__length(expression) %}
length( {{ expression }} )
{%- endmacro %}

{% macro default__position(substring_text, string_text) %}
position( {{ substring_text }} in {{ string_text }} )
{%- endmacro %}

{% macro default__replace(field, old_chars, new_chars) %}
replace( {{ field }}, {{ old_chars }}, {{ new_chars }} )
{% endmacro %}

{% macro default__right(string_text, length_expression) %}
right( {{ string_text }}, {{ length_expression }} )
{%- endmacro %}

{% macro default__split_part(string_text, delimiter_text, part_number) %}
split_part( {{ string_text }}, {{ delimiter_text }}, {{ part_number }} )
{% endmacro %}

{# How many parts there are, so that a negative number can count from the end. #}
{% macro _split_part_count(string_text, delimiter_text) -%}
length({{ string_text }}) - length( replace({{ string_text }}, {{ delimiter_text }}, '') )
{%- endmacro %}

{% macro _split_part_negative(string_text, delimiter_text, part_number) %}
split_part(
    {{ string_text }}, {{ delimiter_text }}, {{ _split_part_count(string_text, delimiter_text) }} + 2 + {{ part_number }}
)
{% endmacro %}

{% macro default__string_literal(value) -%}
'{{ value }}'
{%- endmacro %}

{% macro default__escape_single_quotes(expression) -%}
{{ expression | replace("'", "''") }}
{%- endmacro %}

{% macro default__listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
{%- set within = 'within group (' ~ order_by_clause ~ ')' if order_by_clause else '' -%}
{%- if limit_num -%}
array_to_string( array_slice( array_agg( {{ measure }} ){{ within }} ,0 ,{{ limit_num }} ), {{ delimiter_text }} )
{%- else %}
listagg( {{ measure }}, {{ delimiter_text }} ) {{ within }}
{%- endif -%}
{%- endmacro %}

{# `function(measure, ', ' order by …)`: how DuckDB and Postgres write it. #}
{% macro _listagg_string_agg(measure, delimiter_text, order_by_clause) %}
string_agg( {{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }} )
{%- endmacro %}
