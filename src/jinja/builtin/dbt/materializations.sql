{#
    What karat plans by itself, once more as macros: they run where a project puts its own macros in the place of any
    that they call. What is new is built aside and swapped in; what was there is kept until the end.
#}

{% macro _clear(relation) %}{%- do drop_relation_if_exists(load_cached_relation(relation)) -%}{% endmacro %}

{% macro _after_build(existing, target, full_refresh=true) %}
{%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(existing, full_refresh)) -%}
{%- do persist_docs(target, model) -%}
{% endmacro %}

{% materialization view, default %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='view') -%}
{%- set staged = make_intermediate_relation(target) -%}
{%- set backup = make_backup_relation(target, existing.type if existing else 'view') -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{%- do _clear(staged) -%}
{%- do _clear(backup) -%}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- call statement('main') -%}{{ get_create_view_as_sql(staged, sql) }}{%- endcall -%}
{%- set existing = load_cached_relation(this) -%}
{%- if existing -%}{%- do adapter.rename_relation(existing, backup) -%}{%- endif -%}
{%- do adapter.rename_relation(staged, target) -%}
{%- do _after_build(existing, target) -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do adapter.commit() -%}
{%- do drop_relation_if_exists(backup) -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization table, default %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='table') -%}
{%- set staged = make_intermediate_relation(target) -%}
{%- set backup = make_backup_relation(target, existing.type if existing else 'table') -%}
{%- do _clear(staged) -%}
{%- do _clear(backup) -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- call statement('main') -%}{{ get_create_table_as_sql(false, staged, sql) }}{%- endcall -%}
{%- do create_indexes(staged) -%}
{%- set existing = load_cached_relation(this) -%}
{%- if existing -%}{%- do adapter.rename_relation(existing, backup) -%}{%- endif -%}
{%- do adapter.rename_relation(staged, target) -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do _after_build(existing, target) -%}
{%- do adapter.commit() -%}
{%- do drop_relation_if_exists(backup) -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{# The SQL that adds the rows of the query, which is run into a temporary table first. #}
{% macro _incremental_sql(existing, target, temporary, on_schema_change) %}
{%- set dest = process_schema_changes(on_schema_change, temporary, existing) -%}
{%- set write = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
{{ return(write({
    'target_relation': target,
    'temp_relation': temporary,
    'unique_key': config.get('unique_key'),
    'dest_columns': dest or adapter.get_columns_in_relation(existing),
    'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none),
})) }}
{% endmacro %}

{% materialization incremental, default %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='table') -%}
{%- set temporary = make_temp_relation(target) -%}
{%- set staged = make_intermediate_relation(target) -%}
{%- set backup = make_backup_relation(target, existing.type if existing else 'table') -%}
{%- set full_refresh = should_full_refresh() or (existing and existing.is_view) -%}
{%- set on_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
{%- do _clear(staged) -%}
{%- do _clear(backup) -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- if not existing -%}
    {%- set build = get_create_table_as_sql(false, target, sql) -%}
{%- elif full_refresh -%}
    {%- set build = get_create_table_as_sql(false, staged, sql) -%}
{%- else -%}
    {%- do run_query(get_create_table_as_sql(true, temporary, sql)) -%}
    {%- if not config.get('contract').enforced -%}
        {%- do adapter.expand_target_column_types(from_relation=temporary, to_relation=target) -%}
    {%- endif -%}
    {%- set build = _incremental_sql(existing, target, temporary, on_change) -%}
{%- endif -%}
{%- call statement('main') -%}{{ build }}{%- endcall -%}
{%- set swaps = existing and full_refresh -%}
{%- if not existing or full_refresh -%}{%- do create_indexes(staged if swaps else target) -%}{%- endif -%}
{%- if swaps -%}
    {%- do adapter.rename_relation(target, backup) -%}
    {%- do adapter.rename_relation(staged, target) -%}
{%- endif -%}
{%- do _after_build(existing, target, full_refresh) -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do adapter.commit() -%}
{%- if swaps -%}{%- do adapter.drop_relation(backup) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization test, default %}
{%- set query = get_limit_subquery_sql(sql, config.get('limit')) -%}
{%- set relations = [] -%}
{%- if should_store_failures() -%}
    {%- set kind = config.get('store_failures_as') or 'table' -%}
    {%- set existing = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
    {%- set target = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type=kind) -%}
    {%- do drop_relation_if_exists(existing) -%}
    {%- call statement(auto_begin=true) -%}{{ get_create_sql(target, query) }}{%- endcall -%}
    {%- do relations.append(target) -%}
    {%- set query = 'select * from ' ~ target -%}
    {%- do adapter.commit() -%}
{%- endif -%}
{%- call statement('main', fetch_result=true) -%}
{{ get_test_sql(query, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
{%- endcall -%}
{{ return({'relations': relations}) }}
{% endmaterialization %}

{% materialization seed, default %}
{%- set full_refresh = should_full_refresh() -%}
{%- set existing = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) -%}
{%- set rows = load_agate_table() -%}
{%- do store_result('agate_table', response='OK', agate_table=rows) -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- if existing and existing.is_view -%}
    {%- do exceptions.raise_compiler_error('the seed can not be loaded into ' ~ existing ~ ': it is a view') -%}
{%- elif existing -%}
    {%- set create = reset_csv_table(model, full_refresh, existing, rows) -%}
{%- else -%}
    {%- set create = create_csv_table(model, rows) -%}
{%- endif -%}
{%- set count = rows.rows | length -%}
{%- set insert = load_csv_rows(model, rows) if count > 0 else '' -%}
{%- set code = 'CREATE' if full_refresh else 'INSERT' -%}
{%- call noop_statement('main', code ~ ' ' ~ count, code, count) -%}{{ get_csv_sql(create, insert) }}{%- endcall -%}
{%- set target = this.incorporate(type='table') -%}
{%- do _after_build(existing, target, full_refresh) -%}
{%- if full_refresh or not existing -%}{%- do create_indexes(target) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}
