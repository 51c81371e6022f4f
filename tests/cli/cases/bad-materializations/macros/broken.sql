{% materialization no_main, default %}
{%- call statement('mine') -%}create or replace table {{ this }} as select 1 as a{%- endcall -%}
{{ return({'relations': [this]}) }}
{% endmaterialization %}

{% materialization no_return, default %}
{%- call statement('main') -%}create or replace table {{ this }} as select 1 as a{%- endcall -%}
{% endmaterialization %}

{% materialization other_return, default %}
{%- call statement('main') -%}create or replace table {{ this }} as select 1 as a{%- endcall -%}
{{ return({'tables': [this]}) }}
{% endmaterialization %}

{% materialization text_return, default %}
{%- call statement('main') -%}create or replace table {{ this }} as select 1 as a{%- endcall -%}
{{ return({'relations': this}) }}
{% endmaterialization %}

{# Replaces the table, and then fails: what was there stays. #}
{% materialization fails_late, default %}
{%- call statement('main') -%}create or replace table {{ this }} as {{ sql }}{%- endcall -%}
{%- if true -%}
{%- call statement('late') -%}insert into {{ this }} select 'text', 'text'{%- endcall -%}
{%- endif -%}
{{ adapter.commit() }}
{{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{% materialization says_no, default %}
{{ exceptions.raise_compiler_error('no, said ' ~ this.identifier) }}
{% endmaterialization %}

{# Never commits. #}
{% materialization uncommitted, default %}
{%- call statement('main') -%}create or replace table {{ this }} as select 1 as a{%- endcall -%}
{{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}
