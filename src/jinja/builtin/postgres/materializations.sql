{# What karat plans by itself, once more as a macro: it runs where a project puts its own macros in the place of any that it calls. #}
{% materialization materialized_view, adapter='postgres' %}
{%- set existing = load_cached_relation(this) -%}
{%- set target = this.incorporate(type='materialized_view') -%}
{{ run_hooks(pre_hooks, inside_transaction=false) }}
{{ run_hooks(pre_hooks, inside_transaction=true) }}
{%- if not existing -%}
    {%- set build = get_create_materialized_view_as_sql(target, sql) -%}
{%- elif existing.is_materialized_view and not should_full_refresh() -%}
    {%- set build = refresh_materialized_view(target) -%}
{%- else -%}
    {%- set build = get_replace_sql(existing, target, sql) -%}
{%- endif -%}
{%- call statement('main') -%}{{ build }}{%- endcall -%}
{%- do _after_build(existing, target) -%}
{{ run_hooks(post_hooks, inside_transaction=true) }}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=false) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}
