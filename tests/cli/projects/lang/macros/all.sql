{% macro literal(x) -%}
'{{ x | string | replace("'", "''") }}'
{%- endmacro %}

{% macro greet(name, greeting='hello', mark=none) -%}
{{ greeting }} {{ name }}{{ mark or '.' }}
{%- endmacro %}

{% macro rest() -%}
{{ varargs | join('-') }}|{% for k, v in kwargs.items() %}{{ k }}={{ v }};{% endfor %}
{%- endmacro %}

{% macro wrapped(tag) -%}
<{{ tag }}>{{ caller('inner', n=3) }}</{{ tag }}>
{%- endmacro %}

{% macro pieces() -%}
{% set out = [] %}
{% for i in range(3) %}{% do out.append({'i': i, 'sq': i ** 2}) %}{% endfor %}
{{ return(out) }}
{%- endmacro %}

{% macro early(x) -%}
{% if x > 1 %}{{ return('big') }}{% endif %}
{{ return('small') }}
{%- endmacro %}

{% macro spell(x) %}{{ return(adapter.dispatch('spell', 'lang')(x)) }}{% endmacro %}
{% macro default__spell(x) %}default {{ x }}{% endmacro %}
{% macro duckdb__spell(x) %}duckdb {{ x }}{% endmacro %}
{% macro only_default() %}{{ return(adapter.dispatch('only_default')()) }}{% endmacro %}
{% macro default__only_default() %}plain{% endmacro %}

{% macro shout(text, times=1) %}
{{ print(text | upper ~ '!' * times) }}
{% set rows = run_query("select 1 as one, 'two' as two union all select 2, null order by 1") %}
{% for row in rows %}{{ print(row.one ~ ' ' ~ row['two'] ~ ' ' ~ row[0]) }}{% endfor %}
{{ print(rows.column_names | join(',')) }}
{{ print(rows.columns[0].values() | list) }}
{{ print(rows.rows | length) }}
{{ print(tojson({'b': [1, 2.5, none, true], 'a': 'é'}, sort_keys=true)) }}
{% endmacro %}

{% macro make_table(name, n) %}
{% call statement('made', fetch_result=false) %}create or replace table {{ target.schema }}.{{ name }} as select * from range({{ n }}) t(i){% endcall %}
{% set rel = adapter.get_relation(database=target.database, schema=target.schema, identifier=name) %}
{{ print(rel ~ ' ' ~ rel.type ~ ' ' ~ rel.is_table ~ ' ' ~ (adapter.get_columns_in_relation(rel) | map(attribute='name') | join(','))) }}
{{ print(adapter.get_relation(target.database, target.schema, 'not_there') is none) }}
{% endmacro %}
