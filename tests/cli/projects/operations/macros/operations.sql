{% macro make(name) %}create table {{ target.schema }}.{{ name }} as select 1 as id{% endmacro %}

{% macro forgets() %}
{% do run_query(make('forgotten')) %}
{% call statement('again', auto_begin=true) %}{{ make('forgotten_too') }}{% endcall %}
{{ print('rows: ' ~ run_query('select count(*) from ' ~ target.schema ~ '.forgotten').columns[0].values()[0]) }}
{% endmacro %}

{% macro commits() %}
{% do run_query(make('kept')) %}
{% do adapter.commit() %}
{% do run_query(make('kept_at_once')) %}
{% call statement('again', auto_begin=true) %}{{ make('opened_again') }}{% endcall %}
{% endmacro %}

{% macro makes_schema() %}
{% do run_query(make('before_schema')) %}
{% do adapter.create_schema(api.Relation.create(database=target.database, schema='made')) %}
{% do run_query(make('after_schema')) %}
{% endmacro %}

{% macro fails(table='broken') %}
{% do run_query(make('before_failure')) %}
{% do run_query('select * from no_such_' ~ table) %}
{% endmacro %}

{% macro takes_up() %}
{% do adapter.drop_relation(load_relation(ref('one'))) %}
{{ print(load_relation(ref('one'))) }}
{% endmacro %}

{% macro runs_in_one() %}
{% set sql %}begin; {{ make('own_begin') }}; commit;{% endset %}
{% do run_query(sql) %}
{% endmacro %}

{% macro mends(tables) %}
{% for table in tables %}{% do run_query('drop table if exists ' ~ target.schema ~ '.' ~ table) %}{% endfor %}
{% endmacro %}
