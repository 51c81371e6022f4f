{# Descriptions that are kept in the warehouse. #}

{% macro default__alter_relation_comment(relation, relation_comment) %}{{ _not_implemented('alter_relation_comment') }}{% endmacro %}
{% macro default__alter_column_comment(relation, column_dict) %}{{ _not_implemented('alter_column_comment') }}{% endmacro %}

{# Those of the documented columns that are there; the others are worth a warning. #}
{% macro validate_doc_columns(relation, column_dict, existing_column_names) %}
{%- set lower = existing_column_names | map('lower') | list -%}
{%- set known, missing = {}, [] -%}
{%- for name, column in column_dict.items() -%}
    {%- if (name in existing_column_names if column['quote'] else name | lower in lower) -%}
        {%- do known.update({name: column}) -%}
    {%- else -%}
        {%- do missing.append(name) -%}
    {%- endif -%}
{%- endfor -%}
{%- if missing -%}
    {%- do exceptions.warn('documented columns that ' ~ relation.render() ~ ' does not have: ' ~ missing | join(', ')) -%}
{%- endif -%}
{{ return(known) }}
{% endmacro %}

{% macro default__persist_docs(relation, model, for_relation=true, for_columns=true) %}
{%- if for_relation and config.persist_relation_docs() and model.description -%}
    {%- do run_query(alter_relation_comment(relation, model.description)) -%}
{%- endif -%}
{%- if for_columns and config.persist_column_docs() and model.columns -%}
    {%- set there = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- set sql = alter_column_comment(relation, validate_doc_columns(relation, model.columns, there)) -%}
    {%- if sql and sql | trim -%}{%- do run_query(sql) -%}{%- endif -%}
{%- endif -%}
{% endmacro %}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) %}
{{ return(adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns)) }}
{% endmacro %}

{# In dollar quotes, so that a comment may hold anything. DuckDB and Postgres write it so. #}
{% macro _comment_literal(comment) %}
{%- set mark = '$dbt_comment_literal_block$' -%}
{%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error('a comment has to be a text: ' ~ comment) -%}
{%- elif mark in comment -%}
    {%- do exceptions.raise_compiler_error('a comment must not contain ' ~ mark) -%}
{%- endif -%}
{{ return(mark ~ comment ~ mark) }}
{% endmacro %}

{% macro _comment_on_columns(relation, column_dict) %}
{%- set there = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
{%- for name, column in column_dict.items() if name in there %}
comment on column {{ relation }}.{{ adapter.quote(name) if column['quote'] else name }} is {{ _comment_literal(column['description']) }};
{%- endfor -%}
{% endmacro %}
