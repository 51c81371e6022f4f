{% macro show_relation(r) %}
{% do print(r ~ ' | ' ~ r.render() ~ ' | ' ~ [r] ~ ' | ' ~ r.database ~ ' | ' ~ r.schema ~ ' | ' ~ r.identifier ~ ' | ' ~ r.table ~ ' | ' ~ r.name ~ ' | ' ~ r.type) %}
{% do print([r.is_table, r.is_view, r.is_cte, r.is_materialized_view, r.is_pointer, r.is_function, r.can_be_renamed, r.can_be_replaced]) %}
{% do print(r.path ~ ' ' ~ r.quote_policy ~ ' ' ~ r.include_policy ~ ' ' ~ r.quote_character ~ ' ' ~ r.limit ~ ' ' ~ r.dbt_created ~ ' ' ~ r.require_alias) %}
{% endmacro %}

{% macro relations() %}
{% set a = api.Relation.create(database='d', schema='s', identifier='i') %}
{% do show_relation(a) %}
{% do show_relation(api.Relation.create('d', 's', 'i', 'view')) %}
{% do show_relation(api.Relation.create(schema='s', identifier='i', type='table')) %}
{% do show_relation(api.Relation.create(identifier='cte', type='cte').quote(identifier=false)) %}
{% do show_relation(api.Relation.create(identifier='x', quote_policy={'identifier': false})) %}
{% do show_relation(a.include(database=false)) %}
{% do show_relation(a.include(schema=false, database=false)) %}
{% do show_relation(a.quote(false, false, false)) %}
{% do show_relation(a.quote(schema=false)) %}
{% do show_relation(a.without_identifier()) %}
{% do show_relation(a.information_schema()) %}
{% do show_relation(a.information_schema('columns')) %}
{% do show_relation(a.information_schema_only()) %}
{% do show_relation(a.incorporate(type='table')) %}
{% do show_relation(a.incorporate(path={'identifier': 'j', 'schema': 't'})) %}
{% do show_relation(a.incorporate(path={'database': none})) %}
{% do show_relation(a.incorporate(quote_policy={'database': false}, include_policy={'schema': false})) %}
{% do show_relation(a.replace_path(identifier='k')) %}
{% do show_relation(a.replace(type='view')) %}
{% do print(a.add_ephemeral_prefix('x') ~ ' ' ~ api.Relation.add_ephemeral_prefix('y')) %}
{% do print(a.quoted('na"me') ~ ' ' ~ a.get('identifier') ~ ' ' ~ a.get('nope', 'default') ~ ' ' ~ a['schema'] ~ ' ' ~ a.get('metadata')) %}
{% do print([api.Relation.Table, api.Relation.View, api.Relation.CTE, api.Relation.External, api.Relation.MaterializedView, a.View, a.Table]) %}
{% do print([a == api.Relation.create('d', 's', 'i'), a != a.include(database=false), a == a.incorporate(type='view'), a == 'x', a in [a], a is mapping, a is string, a is callable]) %}
{% do print([a.matches(database='d', schema='s', identifier='i'), a.matches(schema='other'), a.matches(identifier='i')]) %}
{% do print([a, a.quote(false), a] | unique | list | length) %}
{% do print({a: 1}[a]) %}
{% do print(a.scd_args('id', 'at') ~ a.scd_args(['a', 'b'], 'at')) %}
{% do print(a | string | length ~ (a | upper) ~ (a ~ '') | replace('"', '`')) %}
{% do print(adapter.quote('x') ~ adapter.quote('X y') ~ adapter.quote_as_configured('x', 'identifier') ~ adapter.quote_as_configured('x', 'schema') ~ adapter.quote_seed_column('c', none) ~ adapter.quote_seed_column('c', true) ~ adapter.quote_seed_column('c', false)) %}
{% do print(adapter.Relation.create(database='d', schema='s', identifier='i') ~ ' ' ~ adapter.type()) %}
{% do print('sorted ' ~ ([a.replace_path(identifier='z'), a] | map(attribute='identifier') | sort)) %}
{% do print(a.nope is defined) %}
{% do print(a.get_relation_type.View ~ ' ' ~ a.get_default_quote_policy() ~ ' ' ~ a.get_default_include_policy()) %}
{% endmacro %}

{% macro show_column(c) %}
{% do print(c.name ~ ' | ' ~ c.column ~ ' | ' ~ c.quoted ~ ' | ' ~ c.dtype ~ ' | ' ~ c.data_type ~ ' | ' ~ c.expanded_data_type ~ ' | ' ~ c.char_size ~ ' | ' ~ c.numeric_precision ~ ' | ' ~ c.numeric_scale ~ ' ' ~ [c.is_string(), c.is_number(), c.is_float(), c.is_integer(), c.is_numeric(), c.is_struct()]) %}
{% do print(c) %}
{% endmacro %}

{% macro columns() %}
{% for c in adapter.get_columns_in_relation(ref('typed')) %}{% do show_column(c) %}{% endfor %}
{% do show_column(api.Column('n', 'text')) %}
{% do show_column(api.Column('n', 'varchar', 20)) %}
{% do show_column(api.Column('n', 'decimal', none, 10, 2)) %}
{% do show_column(api.Column(column='n', dtype='numeric', numeric_precision=10, numeric_scale=2)) %}
{% do show_column(api.Column.create('n', 'string')) %}
{% do show_column(api.Column.create('n', 'INT64')) %}
{% do show_column(api.Column.from_description('n', 'decimal(10,2)')) %}
{% do show_column(api.Column.from_description('n', 'character varying(30)')) %}
{% do print([api.Column.translate_type('string'), api.Column.translate_type('int'), api.Column.string_type(10), api.Column.numeric_type('decimal', 10, 2), api.Column.numeric_type('decimal', none, none)]) %}
{% set a = api.Column('n', 'varchar', 20) %}
{% set b = api.Column('n', 'varchar', 30) %}
{% do print([a.can_expand_to(b), b.can_expand_to(a), a.can_expand_to(api.Column('n', 'integer')), a.string_size(), api.Column('n', 'text').string_size(), a.literal('x'), a == b, a == api.Column('n', 'varchar', 20), a in [b, a]]) %}
{% do print(adapter.get_columns_in_relation(ref('typed')) | map(attribute='name') | join(',')) %}
{% for c in adapter.get_columns_in_relation(ref('typed')) if c.is_struct() %}{% do print(c.flatten()) %}{% do print(c.fields) %}{% endfor %}
{% do print(adapter.get_column_schema_from_query('select 1 as a, 2.5 as b, [1] as c, null as d, current_date as e')) %}
{% do print(adapter.get_missing_columns(ref('typed'), ref('looks')) ~ adapter.get_columns_in_relation(api.Relation.create(schema='main', identifier='nope'))) %}
{% do print(column.translate_type("string")) %}
{% endmacro %}

{% macro asks() %}
{% set there = adapter.get_relation(target.database, 'main', 'typed') %}
{% do show_relation(there) %}
{% do show_relation(load_relation(ref('looks'))) %}
{% do show_relation(load_cached_relation(ref('looks'))) %}
{% do show_relation(ref('typed')) %}
{% do print([adapter.get_relation(target.database, 'main', 'no'), load_relation(ref('typed').replace_path(identifier='zz')), adapter.check_schema_exists(target.database, 'main'), adapter.check_schema_exists(target.database, 'zz')]) %}
{% set made = api.Relation.create(target.database, 'extra', 'made', 'table') %}
{% do adapter.create_schema(made) %}
{% do run_query('create table ' ~ made ~ ' as select 1 as a') %}
{% do print(adapter.check_schema_exists(target.database, 'extra')) %}
{% set moved = made.replace_path(identifier='moved') %}
{% do adapter.rename_relation(made, moved) %}
{% do print(run_query('select count(*) from ' ~ moved).columns[0].values()) %}
{% do adapter.truncate_relation(moved) %}
{% do print(run_query('select count(*) from ' ~ moved).columns[0].values()) %}
{% do adapter.drop_relation(moved) %}
{% do adapter.drop_schema(made) %}
{% do print(adapter.check_schema_exists(target.database, 'extra')) %}
{% do print([adapter.cache_added(made), adapter.cache_dropped(made), adapter.cache_renamed(made, moved)]) %}
{% do print(adapter.valid_incremental_strategies()) %}
{% do print([adapter.is_motherduck(), adapter.disable_transactions(), adapter.external_root(), adapter.get_binding_char(), adapter.escape_sql_string("it's"), adapter.is_ducklake(made), adapter.location_exists('nope.parquet')]) %}
{% do print(adapter.external_write_options('x.parquet', {}) ~ ' | ' ~ adapter.external_write_options('x.csv', {'header': 1, 'codec': 'gzip'}) ~ ' | ' ~ adapter.external_read_location('x.parquet', {}) ~ ' | ' ~ adapter.external_read_location('x', {'format': 'csv', 'partition_by': 'a,b'})) %}
{% do print(adapter.get_seed_file_path({'root_path': '/r', 'original_file_path': 'seeds/s.csv'})) %}
{% do print(adapter.config.project_name ~ ' ' ~ adapter.config.credentials.database ~ ' ' ~ adapter.config.credentials.schema ~ ' ' ~ adapter.config.target_name ~ ' ' ~ adapter.config.quoting) %}
{% set answer = adapter.execute('select 1 as a union all select 2 order by 1', fetch=true, limit=1) %}
{% do print(answer[0] ~ ' ' ~ answer[0].rows_affected ~ ' ' ~ answer[1].rows | length) %}
{% set answer = adapter.execute('create or replace temp table zz as select 1') %}
{% do print(answer[0] ~ ' ' ~ answer[0].code ~ ' ' ~ answer[1].rows | length) %}
{% do print(adapter.standardize_grants_dict(run_query("select 'reader' as grantee, 'select' as privilege_type union all select 'writer', 'select' order by 1"))) %}
{% endmacro %}
