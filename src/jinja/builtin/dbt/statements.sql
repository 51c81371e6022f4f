{% macro statement(name=none, fetch_result=false, auto_begin=true, language='sql') %}
{%- if execute -%}
{%- set response, table = adapter.execute(caller(), auto_begin=auto_begin, fetch=fetch_result) -%}
{%- if name is not none -%}{%- do store_result(name, response=response, agate_table=table) -%}{%- endif -%}
{%- endif -%}
{% endmacro %}

{# A statement whose text is noted and not sent. #}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) %}
{%- set text = caller() -%}
{%- if name is not none -%}
{%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
{%- endif -%}
{% endmacro %}

{% macro run_query(sql) %}
{%- if not execute -%}{{ return(none) }}{%- endif -%}
{%- call statement('run_query_statement', fetch_result=true, auto_begin=false) -%}{{ sql }}{%- endcall -%}
{{ return(load_result('run_query_statement').table) }}
{% endmacro %}

{# What an engine has to bring and does not. #}
{% macro _not_implemented(name) %}
{{ exceptions.raise_not_implemented(name ~ ' macro not implemented for adapter ' ~ adapter.type()) }}
{% endmacro %}

{% macro set_sql_header(config) %}{%- do config.set('sql_header', caller()) -%}{% endmacro %}
{% macro is_core_v2() %}{{ return(false) }}{% endmacro %}
