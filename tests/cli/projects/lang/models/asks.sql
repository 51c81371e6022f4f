{{ config(tags=['asks']) }}
{%- set keys = run_query("select distinct k from " ~ ref('kv') ~ " order by 1") if execute else none -%}
{%- set values = keys.columns[0].values() if execute else [] -%}
{%- call statement('top', fetch_result=True) -%}select max(v) as m, max(day) as d, 1.50::decimal(5,2) as dec from {{ ref('kv') }}{%- endcall -%}
{%- set top = load_result('top') -%}
{%- set there = adapter.get_relation(this.database, 'main', 'kv') -%}
select
    {%- for k in values %}
    sum(v) filter (k = '{{ k }}') as {{ k }}_sum,
    {%- endfor %}
    {%- for c in adapter.get_columns_in_relation(ref('kv')) %}
    '{{ c.name }} {{ c.dtype }} {{ c.data_type }} {{ c.quoted }} {{ c.is_string() }} {{ c.is_number() }}' as about_{{ c.column | lower }},
    {%- endfor %}
    {{ literal(top['data'][0][0] if execute) }} as top, {{ literal(top.table.columns.get('d').values()[0] if execute) }} as top_day,
    {{ literal(top.table.rows[0]['dec'] if execute) }} as dec,
    {{ literal(there.identifier ~ there.type ~ there.is_view if execute) }} as there,
    {{ literal(load_relation(ref('kv')) is none) }} as loaded,
    {{ literal(adapter.check_schema_exists(target.database, 'nope') if execute) }} as has_schema
from {{ ref('kv') }}
