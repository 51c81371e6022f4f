{% macro note(what) %}insert into {{ this.database }}.main.noted values ('{{ what }}'){% endmacro %}

{# A table that is filled piece by piece, each piece a statement. #}
{%- materialization pieces, default -%}
{%- set target = this.incorporate(type='table') -%}
{%- set existing = load_relation(this) -%}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks) }}
{% if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif %}
{% call statement('empty') %}create table {{ target }} as select * from ({{ sql }}) as q where false{% endcall %}
{% set found = run_query('select distinct piece from (' ~ sql ~ ') as q order by 1') %}
{% set counts = [] %}
{% for row in found.rows %}
  {% call statement('piece_' ~ loop.index) %}
    insert into {{ target }} select * from ({{ model.compiled_code }}) as q where piece = '{{ row[0] }}'
  {% endcall %}
  {% set done = load_result('piece_' ~ loop.index) %}
  {% do counts.append(done.response | string) %}
{% endfor %}
{% call noop_statement('main', 'PIECES ' ~ counts | length, 'PIECES', counts | length) %}-- nothing{% endcall %}
{{ run_hooks(post_hooks) }}
{{ adapter.commit() }}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target]}) }}
{%- endmaterialization -%}

{% materialization named, default %}
{%- call statement('main') -%}create or replace table {{ this }} as select 'default' as by{%- endcall -%}
{{ adapter.commit() }}
{{ return({'relations': [this]}) }}
{% endmaterialization %}

{% materialization named, adapter='duckdb', supported_languages=['sql'] %}
{%- call statement('main', fetch_result=True) -%}select 42 as answer{%- endcall -%}
{%- set answer = load_result('main').table.columns[0].values()[0] -%}
{%- call statement('main') -%}
create or replace table {{ this }} as
select 'duckdb' as by, {{ answer }} as answer, '{{ config.get('flavour', 'none') }}' as flavour, '{{ model.name }}' as name,
    '{{ model.config.materialized }}' as kind
{%- endcall -%}
{{ adapter.commit() }}
{% do return({'relations': [this.incorporate(type='table')]}) %}
{% endmaterialization %}

{# Is for another warehouse. #}
{% materialization elsewhere, adapter='postgres' %}{{ return({'relations': []}) }}{% endmaterialization %}
