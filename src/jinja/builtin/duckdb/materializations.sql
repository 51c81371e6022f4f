{% materialization table, adapter='duckdb' %}{{ return(_materialize_by_swap('table')) }}{% endmaterialization %}
{% materialization incremental, adapter='duckdb' %}{{ return(_materialize_incremental()) }}{% endmaterialization %}

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
