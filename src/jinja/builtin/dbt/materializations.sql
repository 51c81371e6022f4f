{# What karat plans by itself, as macros: for materializations of projects that call these. #}

{% materialization table, default %}{{ return(_materialize_by_swap('table')) }}{% endmaterialization %}
{% materialization view, default %}{{ return(_materialize_by_swap('view')) }}{% endmaterialization %}
{% materialization incremental, default %}{{ return(_materialize_incremental()) }}{% endmaterialization %}

{# The new relation is built beside the old one and takes its name. #}
{% macro _materialize_by_swap(kind) %}
{%- set existing, target = load_cached_relation(this), this.incorporate(type=kind) -%}
{%- set fresh = make_intermediate_relation(target) -%}
{%- set old = make_backup_relation(target, existing.type if existing is not none else kind) -%}
{%- do drop_relation_if_exists(load_cached_relation(fresh)) -%}
{%- do drop_relation_if_exists(load_cached_relation(old)) -%}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- call statement('main') -%}
{{ get_create_table_as_sql(False, fresh, sql) if kind == 'table' else get_create_view_as_sql(fresh, sql) }}
{%- endcall -%}
{%- if existing is not none -%}{%- do _move_away(existing, old) -%}{%- endif -%}
{%- do adapter.rename_relation(fresh, target) -%}
{%- if kind == 'table' -%}{%- do create_indexes(target) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=True)) -%}
{%- do persist_docs(target, model) -%}
{%- do adapter.commit() -%}
{%- if existing is not none -%}{%- do drop_relation_if_exists(old) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target]}) }}
{% endmacro %}

{# Renames a relation. Where indexes are in the way of that, they go. #}
{% macro _move_away(relation, name) %}
{%- if relation.is_table and 'drop_indexes_on_relation' in context -%}{%- do context['drop_indexes_on_relation'](relation) -%}{%- endif -%}
{%- do adapter.rename_relation(relation, name) -%}
{% endmacro %}

{% macro _materialize_incremental() %}
{%- set existing, target = load_cached_relation(this), this.incorporate(type='table') -%}
{%- set fresh, temporary = make_intermediate_relation(target), make_temp_relation(target) -%}
{%- set old = make_backup_relation(target, existing.type if existing is not none else 'table') -%}
{%- set rebuild = existing is not none and (should_full_refresh() or existing.is_view) -%}
{%- set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
{%- do drop_relation_if_exists(load_cached_relation(fresh)) -%}
{%- do drop_relation_if_exists(load_cached_relation(old)) -%}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
{%- if existing is none -%}
    {%- set build_sql = get_create_table_as_sql(False, target, sql) -%}
{%- elif rebuild -%}
    {%- set build_sql = get_create_table_as_sql(False, fresh, sql) -%}
{%- else -%}
    {%- do run_query(get_create_table_as_sql(True, temporary, sql)) -%}
    {%- do adapter.expand_target_column_types(from_relation=temporary, to_relation=target) -%}
    {%- set columns = process_schema_changes(on_schema_change, temporary, existing) -%}
    {%- set build_sql = strategy({
        'target_relation': target,
        'temp_relation': temporary,
        'unique_key': config.get('unique_key'),
        'dest_columns': columns or adapter.get_columns_in_relation(existing),
        'incremental_predicates': config.get('predicates') or config.get('incremental_predicates'),
    }) -%}
{%- endif -%}
{%- call statement('main') -%}{{ build_sql }}{%- endcall -%}
{%- if rebuild -%}
    {%- do _move_away(existing, old) -%}
    {%- do adapter.rename_relation(fresh, target) -%}
{%- endif -%}
{%- if existing is none or rebuild -%}{%- do create_indexes(target) -%}{%- endif -%}
{%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(existing, rebuild)) -%}
{%- do persist_docs(target, model) -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do adapter.commit() -%}
{%- if rebuild -%}{%- do adapter.drop_relation(old) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target]}) }}
{% endmacro %}

{% materialization test, default %}
{%- set rows_sql, relations = get_limit_subquery_sql(sql, config.get('limit')), [] -%}
{%- if should_store_failures() -%}
    {%- set kind = config.get('store_failures_as') or 'table' -%}
    {%- if kind not in ['table', 'view'] -%}
        {%- do exceptions.raise_compiler_error('`store_failures_as` is ' ~ kind ~ ': it is one of ephemeral, table, view') -%}
    {%- endif -%}
    {%- set target = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type=kind) -%}
    {%- do drop_relation_if_exists(adapter.get_relation(database=database, schema=schema, identifier=model['alias'])) -%}
    {%- call statement(auto_begin=True) -%}{{ get_create_sql(target, rows_sql) }}{%- endcall -%}
    {%- do relations.append(target) -%}
    {%- do adapter.commit() -%}
    {%- set rows_sql = 'select * from ' ~ target -%}
{%- endif -%}
{%- call statement('main', fetch_result=True) -%}
{{ get_test_sql(rows_sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
{%- endcall -%}
{{ return({'relations': relations}) }}
{% endmaterialization %}
