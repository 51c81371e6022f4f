{% macro note(what, relation) %}
{% do run_query("insert into " ~ target.schema ~ ".audit values ('" ~ what ~ "', '" ~ (relation.identifier if relation else 'nothing') ~ "')") %}
{% endmacro %}

{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }} as (
  select *, 'table' as made_by from ({{ compiled_code }}) as inner_query
);
{%- endmacro %}

{% macro create_view_as(relation, sql) -%}
create view {{ relation }} as (select *, 'view' as made_by from ({{ sql }}) as inner_query);
{%- endmacro %}

{% macro duckdb__rename_relation(from_relation, to_relation) %}
{% do note('rename ' ~ from_relation.identifier, to_relation) %}
{{ return(dbt.duckdb__rename_relation(from_relation, to_relation)) }}
{% endmacro %}

{% macro drop_relation(relation) %}
{% do note('drop ' ~ relation.type, relation) %}
{{ return(adapter.dispatch('drop_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro create_schema(relation) %}
{% call statement('create_schema') %}
  create schema if not exists {{ relation.without_identifier() }};
  create table if not exists {{ relation.without_identifier() }}.made_here as select '{{ relation.schema }}' as schema_name
{% endcall %}
{% endmacro %}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) %}
{% do note('docs ' ~ model.name, relation) %}
{% endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=true) %}
{% do note('never used', relation) %}
{% endmacro %}

{% macro duckdb__apply_grants(relation, grant_config, should_revoke=true) %}
{% do note('grants ' ~ (grant_config or {}) | length ~ ' ' ~ should_revoke, relation) %}
{% endmacro %}

{% macro run_hooks(hooks, inside_transaction=True) %}
{% for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) %}
{% do note('hook ' ~ inside_transaction, this) %}
{% call statement(auto_begin=inside_transaction) %}{{ render(hook.get('sql')) }}{% endcall %}
{% endfor %}
{% endmacro %}
