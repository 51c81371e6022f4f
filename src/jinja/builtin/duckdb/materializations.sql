{# A table with indexes can't be renamed: they go before, and come once the new one has its name. #}

{% macro _swap_tables(existing, staged, target, backup) %}
{%- if existing -%}
    {%- do drop_indexes_on_relation(existing) -%}
    {%- do adapter.rename_relation(existing, backup) -%}
{%- endif -%}
{%- do adapter.rename_relation(staged, target) -%}
{% endmacro %}

{% materialization table, adapter='duckdb' %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='table') -%}
{%- set staged = make_intermediate_relation(target) -%}
{%- set backup = make_backup_relation(target, existing.type if existing else 'table') -%}
{%- do _clear(staged) -%}
{%- do _clear(backup) -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- call statement('main') -%}{{ create_table_as(false, staged, compiled_code) }}{%- endcall -%}
{%- do _swap_tables(existing, staged, target, backup) -%}
{%- do create_indexes(target) -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do _after_build(existing, target) -%}
{%- do adapter.commit() -%}
{%- do drop_relation_if_exists(backup) -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb' %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='table') -%}
{%- set staged = make_intermediate_relation(target) -%}
{%- set backup = make_backup_relation(target, existing.type if existing else 'table') -%}
{%- set full_refresh = should_full_refresh() or (existing and existing.is_view) -%}
{%- set on_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
{%- do _clear(staged) -%}
{%- do _clear(backup) -%}
{%- set temporary = make_temp_relation(target) -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- if not existing -%}
    {%- set build = create_table_as(false, target, compiled_code) -%}
{%- elif full_refresh -%}
    {%- set build = create_table_as(false, staged, compiled_code) -%}
{%- else -%}
    {%- do run_query(create_table_as(true, temporary, compiled_code)) -%}
    {%- do adapter.expand_target_column_types(from_relation=temporary, to_relation=target) -%}
    {%- set build = _incremental_sql(existing, target, temporary, on_change) -%}
{%- endif -%}
{%- call statement('main') -%}{{ build }}{%- endcall -%}
{%- if existing and full_refresh -%}{%- do _swap_tables(existing, staged, target, backup) -%}{%- endif -%}
{%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(existing, full_refresh)) -%}
{%- if not existing or full_refresh -%}{%- do create_indexes(target) -%}{%- endif -%}
{%- do persist_docs(target, model) -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do adapter.commit() -%}
{%- if existing and full_refresh -%}{%- do adapter.drop_relation(backup) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{# A macro that returns a table: a view with parameters. #}
{% materialization table_function, adapter='duckdb' %}
{%- set target, parameters = this.incorporate(type='view'), config.get('parameters') or [] -%}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- call statement('main') -%}
create or replace function {{ target.render() }}(
    {{- parameters if parameters is string or parameters is number else parameters | join(', ') -}}
) as table (
{{ sql }}
);
{%- endcall -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do persist_docs(target, model) -%}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}
