{% macro tables() %}
{% set a = run_query("select * from (values (1, 'x', 2.5), (2, 'y', 3.5), (3, 'x', null)) t(id, kind, n) order by id") %}
{% set b = run_query("select * from (values (1, 'one'), (2, 'two'), (2, 'deux'), (4, 'four')) t(id, word)") %}
{% set j = a.join(b, 'id') %}
{{ print(j.column_names) }}
{% for row in j.rows %}{{ print(row.values() | list | string) }}{% endfor %}
{% set j = a.join(b, 'id', 'id', inner=true) %}
{% for row in j.rows %}{{ print(row.values() | list | string) }}{% endfor %}
{% set j = a.join(b, left_key='id', right_key='id', full_outer=true) %}
{{ print(j.column_names) }}
{% for row in j.rows %}{{ print(row.values() | list | string) }}{% endfor %}
{% set g = a.group_by('kind') %}
{{ print(g.keys() | list) }}
{% for t in g %}{{ print(t.rows | length) }}{% endfor %}
{% for k, t in g.items() %}{{ print(k ~ ' ' ~ t.column_names | string) }}{% endfor %}
{{ print(g['x'].rows | length) }}
{{ print(g | length) }}
{{ print(g.values() | length) }}
{{ print(g.column_names) }}
{% set m = g.merge() %}
{{ print(m.column_names) }}
{{ print(m.rows | length) }}
{% endmacro %}
