{% materialization snapshot, default %}
{%- set is_there, target = get_or_create_relation(
    database=model.database, schema=model.schema, identifier=model.get('alias', model.get('name')), type='table'
) -%}
{%- if not target.is_table -%}{%- do exceptions.relation_wrong_type(target, 'table') -%}{%- endif -%}

{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}

{%- set strategy_macro = strategy_dispatch(config.get('strategy')) -%}
{%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], is_there) -%}

{%- if is_there -%}
    {%- do adapter.assert_valid_snapshot_target_given_strategy(target, _snapshot_names(), strategy) -%}
    {%- set rows = snapshot_staging_table(strategy, sql, target) -%}
    {%- set staging = build_snapshot_staging_table(strategy, sql, target) -%}
    {%- do adapter.expand_target_column_types(from_relation=staging, to_relation=target) -%}
    {%- set helpers = ['dbt_change_type'] + _snapshot_key_names(strategy.unique_key) -%}
    {%- set helpers = helpers + (helpers | map('upper') | list) -%}
    {%- do create_columns(target, adapter.get_missing_columns(staging, target) | rejectattr('name', 'in', helpers) | list) -%}
    {%- set names = [] -%}
    {%- for column in adapter.get_columns_in_relation(staging) if column.name not in helpers -%}
        {%- do names.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- set build_sql = snapshot_merge_sql(target=target, source=staging, insert_cols=names) -%}
{%- else -%}
    {%- set rows = build_snapshot_table(strategy, model['compiled_code']) -%}
    {%- set build_sql = create_table_as(False, target, rows) -%}
{%- endif -%}

{{ check_time_data_types(rows) }}

{%- call statement('main') -%}
{{ build_sql }}
{%- endcall -%}

{%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(is_there, full_refresh_mode=False)) -%}
{%- do persist_docs(target, model) -%}
{%- if not is_there -%}{%- do create_indexes(target) -%}{%- endif -%}

{{ run_hooks(post_hooks, inside_transaction=True) }}
{{ adapter.commit() }}
{%- if staging is defined -%}{%- do post_snapshot(staging) -%}{%- endif -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}

{{ return({'relations': [target]}) }}
{% endmaterialization %}
