{# Nothing depends on a relation: there is no cascade. #}
{% macro bigquery__drop_table(relation) %}drop table if exists {{ relation }}{% endmacro %}
{% macro bigquery__drop_view(relation) %}drop view if exists {{ relation }}{% endmacro %}
{% macro bigquery__drop_materialized_view(relation) %}drop materialized view if exists {{ relation }}{% endmacro %}
{% macro bigquery__refresh_materialized_view(relation) %}call bq.refresh_materialized_view('{{ relation.database }}.{{ relation.schema }}.{{ relation.identifier }}'){% endmacro %}

{% macro bigquery__get_rename_table_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}

{% macro bigquery__get_rename_view_sql(relation, new_name) %}alter view {{ relation }} rename to {{ new_name }}{% endmacro %}

{% macro bigquery__can_clone_table() %}{{ return(true) }}{% endmacro %}

{% macro bigquery__create_or_replace_clone(this_relation, defer_relation) %}
drop table if exists {{ this_relation }};
create or replace table {{ this_relation.render() }} clone {{ defer_relation.render() }};
{% endmacro %}

{% macro bigquery__get_grant_sql(relation, privilege, grantee) -%}
{{ _bigquery_dcl('grant', 'to', relation, privilege, grantee) }}
{%- endmacro %}

{% macro bigquery__get_revoke_sql(relation, privilege, grantee) -%}
{{ _bigquery_dcl('revoke', 'from', relation, privilege, grantee) }}
{%- endmacro %}

{% macro _bigquery_dcl(verb, word, relation, privilege, grantees) -%}
{%- set kind = relation.type | replace('_', ' ') -%}
{{ verb }} `{{ privilege }}` on {{ kind }} {{ relation }} {{ word }} "{{ grantees | join('", "') }}"
{%- endmacro %}
