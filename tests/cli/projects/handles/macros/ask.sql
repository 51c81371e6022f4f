{% macro has(label, value, names) %}
  {% for name in names %}{% do print(label ~ '.' ~ name ~ ': ' ~ (value[name] is defined) ~ ', ' ~ (value[name] is callable)) %}{% endfor %}
{% endmacro %}

{% macro of_objects() %}
  {% do has('adapter', adapter, ['get_relation', 'quote', 'dispatch', 'execute', 'drop_relation', 'commit', 'no_such_thing']) %}
  {% do has('api.Column', api.Column, ['create', 'translate_type', 'numeric_type', 'no_such_thing']) %}
  {% do has('api.Relation', api.Relation, ['create', 'no_such_thing']) %}
  {% do has('column', api.Column('a', 'varchar'), ['is_string', 'is_numeric', 'string_size', 'name', 'no_such_thing']) %}
  {% set relation = api.Relation.create(schema='s', identifier='i') %}
  {% do has('relation', relation, ['include', 'incorporate', 'quote', 'without_identifier', 'identifier', 'no_such_thing']) %}
  {% do has('flags', flags, ['FULL_REFRESH', 'NO_SUCH_FLAG']) %}
{% endmacro %}

{% macro of_results() %}
  {% set table = run_query("select 2.50::decimal(8, 2) as price, date '2024-05-06' as day, 'x' as word") %}
  {% do has('table', table, ['print_table', 'select', 'rename', 'columns', 'no_such_thing']) %}
  {% do has('row', table.rows[0], ['values', 'items', 'get', 'dict', 'no_such_thing']) %}
  {% do has('column', table.columns[0], ['values', 'values_distinct', 'name', 'no_such_thing']) %}
  {% set row = table.rows[0] %}
  {% do has('decimal', row['price'], ['normalize', 'as_tuple', 'quantize', 'year']) %}
  {% do has('date', row['day'], ['isoformat', 'strftime', 'year', 'normalize']) %}
  {% for number in ['2.50', '-0.004', '1200', '0'] %}
    {% set found = run_query('select ' ~ number ~ '::decimal(10, 3) as n').rows[0][0] %}
    {% do print(number ~ ': ' ~ found.normalize().as_tuple()[0] ~ ' ' ~ found.normalize().as_tuple()[1] ~ ' ' ~ found.normalize().as_tuple()[2]) %}
  {% endfor %}
{% endmacro %}

{% macro of_values() %}
  {% do has('datetime', modules.datetime.datetime, ['now', 'strptime', 'no_such_thing']) %}
  {% do has('moment', modules.datetime.datetime(2024, 5, 6), ['isoformat', 'date', 'hour', 'no_such_thing']) %}
  {% do has('span', modules.datetime.timedelta(days=1), ['total_seconds', 'days', 'no_such_thing']) %}
  {% do has('found', modules.re.search('a(b)', 'cab'), ['group', 'groups', 'no_such_thing']) %}
  {% do has('pattern', modules.re.compile('a'), ['match', 'sub', 'pattern', 'no_such_thing']) %}
  {% do has('list', [], ['append', 'no_such_thing']) %}
{% endmacro %}

{% macro kept() %}
  {% set quote = adapter.quote %}
  {% do print(quote('a b')) %}
  {% set create = api.Relation.create %}
  {% do print(create(schema='s', identifier='i').render()) %}
  {% set without = api.Relation.create(database='d', schema='s', identifier='i').include %}
  {% do print(without(database=false)) %}
  {% set words = [] %}
  {% set add = words.append %}
  {% do add('one') %}
  {% do print(words) %}
  {% do print(['a', 'b c'] | map('upper') | list) %}
  {% set config = builtins.ref.config %}
  {% do print(config.project_name ~ ' ' ~ config.vars.to_dict()) %}
  {% do adapter.commit() %}
{% endmacro %}
