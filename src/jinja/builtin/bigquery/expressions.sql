{% macro bigquery__equals(expr1, expr2) %}{{ return(_equals_by_distinct(expr1, expr2)) }}{% endmacro %}
{% macro bigquery__bool_or(expression) %}{{ return('logical_or(' ~ expression ~ ')') }}{% endmacro %}
{% macro bigquery__except() %} except distinct {% endmacro %}
{% macro bigquery__intersect() %} intersect distinct {% endmacro %}

{% macro bigquery__array_append(array, new_element) %}{{ return(array_concat(array, array_construct([new_element]))) }}{% endmacro %}
{% macro bigquery__array_concat(array_1, array_2) %}{{ return('array_concat(' ~ array_1 ~ ', ' ~ array_2 ~ ')') }}{% endmacro %}
{% macro bigquery__array_construct(inputs=[], data_type=none) %}
{%- if inputs %} [ {{ inputs | join(' , ') }} ] {% else %} ARRAY<{{ data_type }}>[] {% endif -%}
{% endmacro %}

{% macro bigquery__date(year, month, day) -%}
date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{% macro bigquery__date_trunc(datepart, date) -%}
timestamp_trunc( cast({{ date }} as timestamp), {{ datepart }} )
{%- endmacro %}

{% macro bigquery__dateadd(datepart, interval, from_date_or_timestamp) %}
datetime_add( cast( {{ from_date_or_timestamp }} as datetime), interval {{ interval }} {{ datepart }} )
{% endmacro %}

{% macro bigquery__datediff(first_date, second_date, datepart) %}
datetime_diff( cast({{ second_date }} as datetime), cast({{ first_date }} as datetime), {{ datepart }} )
{% endmacro %}

{% macro bigquery__hash(field) -%}
to_hex({{ dbt.default__hash(field) }})
{%- endmacro %}

{% macro bigquery__position(substring_text, string_text) %}
strpos( {{ string_text }}, {{ substring_text }} )
{%- endmacro %}

{% macro bigquery__right(string_text, length_expression) %}
case when {{ length_expression }} = 0 then '' else substr( {{ string_text }}, -1 * ({{ length_expression }}) ) end
{%- endmacro %}

{% macro bigquery__split_part(string_text, delimiter_text, part_number) %}
{%- set offset = part_number - 1 -%}
{%- if part_number < 0 -%}
{%- set offset = ' ' ~ _split_part_count(string_text, delimiter_text) ~ ' + 1 + ' ~ part_number ~ ' ' -%}
{%- endif %}
split( {{ string_text }}, {{ delimiter_text }} )[safe_offset({{ offset }})]
{% endmacro %}

{% macro bigquery__string_literal(value) %}{{ return("'''" ~ value ~ "'''") }}{% endmacro %}

{% macro bigquery__escape_single_quotes(expression) -%}
{{ expression | replace("'", "\\'") }}
{%- endmacro %}

{% macro bigquery__listagg(measure, delimiter_text="','", order_by_clause=none, limit_num=none) -%}
{%- set limit = 'limit ' ~ limit_num if limit_num else '' -%}
string_agg( {{ measure }}, {{ delimiter_text }} {{ order_by_clause or '' }} {{ limit }} )
{%- endmacro %}

{# Texts can't be cast to arrays, structs or places: those are written as literals, element by element. #}
{% macro bigquery__safe_cast(field, type) %}
{%- set lower = type.lower() -%}
{%- set element = lower[6:-1] -%}
{%- set is_list = field is iterable and field is not string and field is not mapping -%}
{%- if lower.startswith('array') and is_list and field and cast_from_string_unsupported_for(element) -%}
{%- set items = [] -%}
{%- for item in field -%}{%- do items.append(_without_quotes(item)) -%}{%- endfor %}
(select array_agg(safe_cast(i as {{ element }})) from unnest([ {{ items | join(', ') }} ]) i)
{%- elif lower.startswith('array') and is_list and field -%}
(select array_agg(safe_cast(i as {{ element }})) from unnest({{ field }}) i)
{%- elif lower == 'json' and field is mapping -%}
safe_cast(json {{ dbt.string_literal(tojson(field)) }} as json)
{%- elif field is string and cast_from_string_unsupported_for(type) -%}
safe_cast({{ _without_quotes(field) }} as {{ type }})
{%- else -%}
safe_cast({{ field }} as {{ type }})
{%- endif -%}
{% endmacro %}

{% macro _without_quotes(text) %}{{ return(text.strip('"').strip("'")) }}{% endmacro %}

{% macro cast_from_string_unsupported_for(type) %}
{{ return(type.lower().startswith('struct') or type.lower() == 'geography') }}
{% endmacro %}

{% macro bigquery__current_timestamp() %}{{ return('current_timestamp()') }}{% endmacro %}
{% macro bigquery__current_timestamp_backcompat() %}{{ return('current_timestamp') }}{% endmacro %}
{% macro bigquery__snapshot_string_as_time(timestamp) %}{{ return('TIMESTAMP("' ~ timestamp ~ '")') }}{% endmacro %}
