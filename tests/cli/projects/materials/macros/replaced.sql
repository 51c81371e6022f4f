{% materialization view, default %}
{%- do run_query(note('view ' ~ this.identifier)) -%}
{{ return(dbt.materialization_view_default()) }}
{% endmaterialization %}

{# The one of the adapter goes before this. #}
{% materialization table, default %}
{{ exceptions.raise_compiler_error('not this one') }}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb' %}
{%- do run_query(note('incremental ' ~ this.identifier ~ ' ' ~ is_incremental())) -%}
{%- set result = dbt.materialization_incremental_duckdb() -%}
{%- do run_query(note('incremental is done')) -%}
{{ return(result) }}
{% endmaterialization %}

{% materialization test, default %}
{%- set result = dbt.materialization_test_default() -%}
{%- set failures = load_result('main').table.columns[0].values()[0] -%}
{%- do run_query('insert into main.noted values (\'test ' ~ model.name[:30] ~ ' ' ~ failures ~ '\')') -%}
{{ return(result) }}
{% endmaterialization %}
