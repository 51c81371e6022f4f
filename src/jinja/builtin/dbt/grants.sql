{% macro default__copy_grants() %}{{ return(true) }}{% endmacro %}
{% macro default__support_multiple_grantees_per_dcl_statement() %}{{ return(true) }}{% endmacro %}

{# Whether a relation may have grants that it should not have: those of what it replaced, or its own from before. #}
{% macro should_revoke(existing_relation, full_refresh_mode=true) %}
{%- if not existing_relation -%}{{ return(false) }}{%- endif -%}
{{ return(copy_grants() if full_refresh_mode else true) }}
{% endmacro %}

{% macro default__get_show_grant_sql(relation) %}show grants on {{ relation.render() }}{% endmacro %}

{% macro default__get_grant_sql(relation, privilege, grantees) -%}
grant {{ privilege }} on {{ relation.render() }} to {{ grantees | join(', ') }}
{%- endmacro %}

{% macro default__get_revoke_sql(relation, privilege, grantees) -%}
revoke {{ privilege }} on {{ relation.render() }} from {{ get_quoted_csv(grantees) }}
{%- endmacro %}

{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}
{%- set statements = [] -%}
{%- for privilege, grantees in grant_config.items() -%}
    {%- set together = support_multiple_grantees_per_dcl_statement() -%}
    {%- for some in ([grantees] if together and grantees else grantees) -%}
        {%- do statements.append(get_dcl_macro(relation, privilege, some if together else [some])) -%}
    {%- endfor -%}
{%- endfor -%}
{{ return(statements) }}
{% endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) %}
{%- call statement('grants') -%}
{% for one in dcl_statement_list %}{{ one }}; {% endfor %}
{%- endcall -%}
{% endmacro %}

{% macro apply_grants(relation, grant_config, should_revoke) %}
{{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}
{% endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=true) %}
{%- if not grant_config -%}{{ return('') }}{%- endif -%}
{%- set granting, revoking = grant_config, {} -%}
{%- if should_revoke -%}
    {%- set now = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) -%}
    {%- set granting, revoking = diff_of_two_dicts(grant_config, now), diff_of_two_dicts(now, grant_config) -%}
{%- endif -%}
{%- set statements = get_dcl_statement_list(relation, revoking, get_revoke_sql)
    + get_dcl_statement_list(relation, granting, get_grant_sql) -%}
{%- if statements -%}{%- do call_dcl_statements(statements) -%}{%- endif -%}
{% endmacro %}
