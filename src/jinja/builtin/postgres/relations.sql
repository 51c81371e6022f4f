{# Names have 63 bytes at most: the base gives way to the suffix. #}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) %}
{%- if dstring -%}{%- set suffix = suffix ~ modules.datetime.datetime.now().strftime('%H%M%S%f') -%}{%- endif -%}
{%- set most = base_relation.relation_max_name_length() -%}
{%- if suffix | length > most -%}
    {%- do exceptions.raise_compiler_error('the suffix ' ~ suffix ~ ' is longer than a name may be: ' ~ most) -%}
{%- endif -%}
{{ return(base_relation.incorporate(path={'identifier': base_relation.identifier[:most - suffix | length] ~ suffix})) }}
{% endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
{{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=false)) }}
{% endmacro %}

{% macro postgres__make_temp_relation(base_relation, suffix='__dbt_tmp') %}
{%- set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=true) -%}
{{ return(named.incorporate(path={'schema': none, 'database': none})) }}
{% endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
{%- set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=false) -%}
{{ return(named.incorporate(type=backup_relation_type)) }}
{% endmacro %}

{% macro postgres__create_table_as(temporary, relation, sql) -%}
{%- set contract = config.get('contract') -%}
{%- set kind = 'temporary ' if temporary else 'unlogged ' if config.get('unlogged', default=false) else '' -%}
{{ _sql_header() }}
create {{ kind }}table {{ relation }}
{%- if contract.enforced %} {{ get_assert_columns_equivalent(sql) }}{% endif %}
{%- if contract.enforced and not temporary %} {{ get_table_columns_and_constraints() }} ;
insert into {{ relation }} ( {{ adapter.dispatch('get_column_names', 'dbt')() }} )
{%- set sql = get_select_subquery(sql) -%}
{%- else %} as
{%- endif %} (
{{ sql }}
);
{%- endmacro %}

{% macro _postgres_replace(kind, relation, sql) -%}
{%- set contract = config.get('contract') -%}
{{ _sql_header() }}
create or replace {{ kind }} {{ relation }}
{%- if contract.enforced %} {{ get_assert_columns_equivalent(sql) }}{% endif %}
{%- if contract.enforced and kind == 'table' -%}
{{ get_table_columns_and_constraints() }}
{%- set sql = get_select_subquery(sql) -%}
{%- endif %} as (
{{ sql }}
);
{%- endmacro %}

{% macro postgres__get_replace_table_sql(relation, sql) %}{{ _postgres_replace('table', relation, sql) }}{% endmacro %}
{% macro postgres__get_replace_view_sql(relation, sql) %}{{ _postgres_replace('view', relation, sql) }}{% endmacro %}

{% macro postgres__drop_table(relation) %}drop table if exists {{ relation }} cascade{% endmacro %}
{% macro postgres__drop_view(relation) %}drop view if exists {{ relation }} cascade{% endmacro %}
{% macro postgres__drop_materialized_view(relation) %}drop materialized view if exists {{ relation }} cascade{% endmacro %}
{% macro postgres__refresh_materialized_view(relation) %}refresh materialized view {{ relation }}{% endmacro %}
{% macro postgres__get_rename_table_sql(relation, new_name) %}alter table {{ relation }} rename to {{ new_name }}{% endmacro %}
{% macro postgres__get_rename_view_sql(relation, new_name) %}alter view {{ relation }} rename to {{ new_name }}{% endmacro %}
{% macro postgres__get_rename_materialized_view_sql(relation, new_name) %}alter materialized view {{ relation }} rename to {{ new_name }}{% endmacro %}

{% macro postgres__get_create_materialized_view_as_sql(relation, sql) %}
create materialized view if not exists {{ relation }} as {{ sql }};
{% for index in config.get('indexes', []) %}{{ get_create_index_sql(relation, index) }}{{ ';' if not loop.last }}{% endfor %}
{% endmacro %}

{% macro postgres__get_create_index_sql(relation, index_dict) -%}
{%- set index = adapter.parse_index(index_dict) -%}
create {{ 'unique ' if index.unique }}index if not exists "{{ index.render(relation) }}" on {{ relation }} {{ 'using ' ~ index.type if index.type }} ({{ index.columns | join(', ') }})
{%- endmacro %}

{% macro postgres__get_drop_index_sql(relation, index_name) -%}
drop index if exists "{{ relation.schema }}"."{{ index_name }}"
{%- endmacro %}

{% macro postgres__get_show_indexes_sql(relation) %}
select
    i.relname as name, m.amname as method, ix.indisunique as "unique", array_to_string(array_agg(a.attname), ',') as column_names
from pg_index ix
join pg_class i on i.oid = ix.indexrelid
join pg_am m on m.oid = i.relam
join pg_class t on t.oid = ix.indrelid
join pg_namespace n on n.oid = t.relnamespace
join pg_attribute a on a.attrelid = t.oid and a.attnum = any(ix.indkey)
where t.relname = '{{ relation.identifier }}' and n.nspname = '{{ relation.schema }}' and t.relkind in ('r', 'm')
group by 1, 2, 3
order by 1, 2, 3
{% endmacro %}

{% macro postgres__copy_grants() %}{{ return(false) }}{% endmacro %}

{% macro postgres__get_show_grant_sql(relation) -%}
select grantee, privilege_type
from {{ relation.information_schema('role_table_grants') }}
where grantor = current_role
    and grantee != current_role
    and table_schema = '{{ relation.schema }}'
    and table_name = '{{ relation.identifier }}'
{%- endmacro %}

{% macro postgres__get_incremental_default_sql(arg_dict) %}
{{ return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key'] else get_incremental_append_sql(arg_dict)) }}
{% endmacro %}

{% macro postgres__get_incremental_microbatch_sql(arg_dict) %}
{%- if not arg_dict['unique_key'] -%}
    {%- do exceptions.raise_compiler_error('the strategy microbatch needs a `unique_key` on Postgres') -%}
{%- endif -%}
{{ return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) }}
{% endmacro %}

{% macro postgres__alter_relation_comment(relation, comment) %}
comment on {{ relation.type | replace('_', ' ') }} {{ relation }} is {{ _comment_literal(comment) }};
{% endmacro %}

{% macro postgres__alter_column_comment(relation, column_dict) %}{{ _comment_on_columns(relation, column_dict) }}{% endmacro %}
{% macro postgres_escape_comment(comment) %}{{ return(_comment_literal(comment)) }}{% endmacro %}
