{% macro typed_query() %}
select 1 as i, 2.50::decimal(10, 2) as d, 1.5::double as f, true as b, 'x' as t, date '2024-02-29' as day,
  timestamp '2024-02-29 01:02:03' as at, null as n, [1, 2] as l, {'a': 1, 'b': 'c'} as s, 170141183460469231731687303715884105727 as h,
  timestamp '2024-02-29 01:02:03.5' as at5, time '04:05:06' as clock, interval '1 month 2 days 03:04:05' as span,
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid as u, '\xAA'::blob as z, map {'k': 2} as m, '{"j": 1}'::json as j
union all
select 2, 1234.5, 1e20, false, 'yy', date '2024-03-01', timestamp '2024-03-01 00:00:00', null, [3], {'a': 2, 'b': null}, 0,
  timestamp '2024-03-01', null, null, null, null, null, null
order by 1
{% endmacro %}

{% macro tables() %}
{% set t = run_query(typed_query()) %}
{% do print(t.column_names) %}
{% for c in t.columns %}{% do print(c.name ~ ' ' ~ c.index ~ ' ' ~ c.values() ~ ' ' ~ c) %}{% endfor %}
{% for c in t.columns %}{% do print([c.data_type.jsonify(c[0]), c.data_type.csvify(c[1])]) %}{% endfor %}
{% for r in t.rows %}{% do print(r) %}{% do print(r.values()) %}{% endfor %}
{% for r in t %}{% do print(r['i'] ~ r.d ~ r[2] ~ r['day'] ~ r.get('t') ~ r.get('nope', 'other') ~ r['nope']) %}{% endfor %}
{% do print(t.rows[0].dict().keys() | list) %}
{% do print(t.rows[1].items()[1]) %}
{% do print([t.rows | length, t | length, t.columns | length, t.rows[0] | length, t.rows[0].keys()[:2]]) %}
{% do print(t.columns['d'].values_sorted() ~ t.columns[0].values_without_nulls() ~ t.columns['n'].values_without_nulls()) %}
{% do print(t.columns.keys()[:2] ~ (t.columns.values() | length) ~ t.columns.get('i').name ~ (t.rows.keys())) %}
{% set d = t.columns['d'].values()[0] %}
{% do print([d, d | string, d + 1, d * d, d / 3, d - 1 | float if false else d, d > 2, d == 2.5, 2 < d, d | int, d | float, d | round, d | round(1), d | round(1, 'floor'), -d, d | abs, d // 2, d % 2, [d, 1, 3] | sort, [d, 1] | max, [d, 1] | sum]) %}
{% do print(['%s' % d, '%d' % d, '%.1f' % d, '{:.1f}'.format(d), '{:,}'.format(d * 1000), '{0}'.format(d), d is number, d is float, d is integer, d in [2.5], {2: 'two'}[t.columns['d'].values()[0] - 0.5 | int] if false else d ** 2]) %}
{% do print(t.columns['day'].values()[0].strftime('%d.%m.%y') ~ t.columns['at'].values()[0].isoformat() ~ (t.columns['day'].values()[1] - t.columns['day'].values()[0]).days) %}
{% do print(t.columns['h'].values()[0] + 0) %}
{% do print(run_query('select 1 as i where false')) %}
{% do print(run_query('select 1 as a, 2 as a, 3 as A').column_names) %}
{% do print(run_query("select 1 as x union all select null order by 1").columns[0].values()) %}
{% do print(run_query("select 1.5 as x union all select null order by 1").columns[0].values()) %}
{% do print(run_query("select * from (values ('10'), ('')) v(x)").columns[0].values()) %}
{% do print(run_query("select * from (values ('null'), (null)) v(x)").columns[0].values()) %}
{% do print(run_query("select count(*) as c, sum(x) as s, avg(x) as a, max(x) as m from (values (1), (2), (4)) v(x)").rows[0].values()) %}
{% do print(run_query("select '2024-01-01' as x").columns[0].values()[0] | length) %}
{% set e = run_query('select 1 as i where false') %}
{% do print([e.columns[0].values(), e.rows | length, e | length, (e and true) or false, e.column_names]) %}
{% if run_query('select 1 as i where false') %}{% do print('rows') %}{% else %}{% do print('no rows') %}{% endif %}
{% endmacro %}

{% macro shown() %}
{% set t = run_query("select x, x / 7 as seventh, 'a long text that is cut somewhere' as t, x % 2 = 0 as even, 1 as e, 2 as f, 3 as g, 1234567.891 as big from range(1, 24) v(x) order by 1") %}
{% do t.print_table() %}
{% do t.print_table(max_rows=2, max_columns=none, max_column_width=none) %}
{% do t.select(['x', 'even']).limit(2).print_table() %}
{% do t.exclude(['t', 'big', 'seventh']).limit(1).print_csv() %}
{% do t.limit(2).print_json() %}{% do print('') %}
{% do t.print_structure() %}
{% do print(t.select('x').order_by('x', reverse=true).columns[0].values()[:3]) %}
{% do print(t.select(['even']).distinct().columns[0].values()) %}
{% do print(t.rename(column_names={'x': 'y'}).column_names) %}
{% do print(t.rename(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']).column_names) %}
{% do print(t.limit(3, 5).columns['x'].values()) %}
{% do run_query("select null as n, 'x' as t, -1.5 as d, date '2024-01-01' as day union all select 1, null, 1000, null").print_table() %}
{% endmacro %}

{% macro results() %}
{% call statement('first', fetch_result=true) %}select 1 as a, 'b' as b union all select 2, null order by 1{% endcall %}
{% set first = load_result('first') %}
{% do print(first['data'] ~ first.data[0][1] ~ first['response'] ~ first.table.column_names ~ (first.keys() | list)) %}
{% do print(load_result('nope')) %}
{% do store_result('own', response='ok', agate_table=first.table) %}
{% do print(load_result('own').response) %}
{% do store_raw_result('raw', message='said', code='C', rows_affected=3) %}
{% set raw = load_result('raw') %}
{% do print(raw.response ~ raw.response.code ~ raw.response.rows_affected ~ raw.data) %}
{% set n = run_query('select 3 as n').columns[0][0] %}
{% for i in range(n) %}{% do print(i) %}{% endfor %}
{% endmacro %}
