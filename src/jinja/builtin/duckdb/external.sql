{# Models that are files, each with a view that reads it. #}

{% macro external_location(relation, config) -%}
{{ adapter.external_root() }}/{{ relation.identifier }}
{%- if config.get('options', {}).get('partition_by') is none -%}.{{ config.get('format', 'parquet') }}{%- endif -%}
{%- endmacro %}

{# The options of `copy … to`, with the settings that are older than `options` over them. #}
{% macro render_write_options(config) %}
{%- set options = config.get('options', {}) -%}
{%- if options is not mapping -%}
    {%- do exceptions.raise_compiler_error('`options` has to be a dictionary, not ' ~ options) -%}
{%- endif -%}
{%- for key in options | list -%}{%- do options.update({key: render(options[key])}) -%}{%- endfor -%}
{%- for key in ['format', 'delimiter'] if config.get(key) -%}{%- do options.update({key: render(config.get(key))}) -%}{%- endfor -%}
{{ return(options) }}
{% endmacro %}

{% macro location_exists(location) %}{{ return(adapter.location_exists(location)) }}{% endmacro %}

{% macro write_to_file(relation, location, options) %}
{%- call statement('write_to_file') -%}copy {{ relation }} to '{{ location }}' ({{ options }}){%- endcall -%}
{% endmacro %}

{% macro store_relation(plugin, relation, location, format, config) %}
{{ exceptions.raise_compiler_error('the plugin `' ~ plugin ~ '` can not be used: plugins of dbt-duckdb are Python') }}
{% endmacro %}

{# `read_csv('…', key=value)` #}
{% macro _external_reader(format, location, options) -%}
{%- set compression = options.get('compression') -%}
{%- set reading = {} -%}
{%- do reading.update(config.get(format ~ '_read_options', {'union_by_name': false} if format == 'parquet' else {'auto_detect': true})) -%}
{%- if compression and format != 'parquet' and 'compression' not in reading -%}
    {%- do reading.update({'compression': compression}) -%}
{%- endif -%}
read_{{ format }}('{{ location }}'
{%- for key, value in reading.items() -%}, {{ key }}={{ "'" ~ value ~ "'" if value is string else value }}{%- endfor -%}
)
{%- endmacro %}

{% macro _external_format(options) %}
{%- set known, asked = ['csv', 'parquet', 'json'], config.get('format') -%}
{%- if asked and asked not in known -%}
    {%- do exceptions.raise_compiler_error('`format` is ' ~ asked ~ ': it is one of ' ~ known | join(', ')) -%}
{%- endif -%}
{%- set named = asked or options['format'] | lower -%}
{{ return(named if named in known else 'parquet') }}
{% endmacro %}

{# A file without rows would not tell its columns: it gets one of nulls, which the view leaves out. #}
{% materialization external, adapter='duckdb', supported_languages=['sql', 'python'] %}
{%- if config.get('plugin') or config.get('glue_register') -%}
    {%- do store_relation(config.get('plugin', 'glue'), this, none, none, config) -%}
{%- endif -%}
{%- set location = render(config.get('location', default=external_location(this, config))) -%}
{%- set options = render_write_options(config) -%}
{%- set writing = adapter.external_write_options(location, options) -%}
{%- set format = _external_format(options) -%}
{%- set reader = _external_reader(format, adapter.external_read_location(location, options), options) -%}

{%- set existing, target = load_cached_relation(this), this.incorporate(type='view') -%}
{%- set rows = make_intermediate_relation(this.incorporate(type='table'), suffix='__dbt_tmp') -%}
{%- set fresh = make_intermediate_relation(target, suffix='__dbt_int') -%}
{%- set old = make_backup_relation(target, existing.type if existing is not none else 'table') -%}
{%- for left in [fresh, rows, old] -%}{%- do drop_relation_if_exists(load_cached_relation(left)) -%}{%- endfor -%}

{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}

{%- call statement('create_table') -%}{{ create_table_as(False, rows, sql) }}{%- endcall -%}
{%- set columns = adapter.get_columns_in_relation(rows) -%}
{%- set is_empty = run_query('select count(*) as row_count from ' ~ rows).rows[0][0] == 0 -%}
{%- if is_empty -%}
    {%- call statement('one_row') -%}insert into {{ rows }} values ({{ (['null'] * columns | length) | join(', ') }}){%- endcall -%}
{%- endif -%}
{%- do write_to_file(rows, location, writing) -%}
{%- call statement('main') -%}
create or replace view {{ fresh }} as (
    select * from {{ reader }}
    {%- if is_empty %} where true{% for column in columns %} and {{ column.quoted }} is not null{% endfor %}{% endif %}
)
{%- endcall -%}

{%- if existing is not none -%}{%- do adapter.rename_relation(existing, old) -%}{%- endif -%}
{%- do adapter.rename_relation(fresh, target) -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do apply_grants(target, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=True)) -%}
{%- do persist_docs(target, model) -%}
{%- do adapter.commit() -%}
{%- if existing is not none -%}{%- do drop_relation_if_exists(old) -%}{%- endif -%}
{%- do drop_relation_if_exists(rows) -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{# Views of the files that selected models read and that this run does not write: for a database that is new each time. #}
{% macro register_upstream_external_models() %}
{%- if execute -%}
{%- set known, schemas = selected_resources | list, [] -%}
{%- for id in selected_resources if id in graph.nodes -%}
    {%- for read in graph.nodes[id].depends_on.nodes if read not in known and read in graph.nodes -%}
        {%- do known.append(read) -%}
        {%- set node = graph.nodes[read] -%}
        {%- if node.config.materialized == 'external' -%}
            {%- do _register_external(node, schemas) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{%- if schemas -%}{%- do adapter.commit() -%}{%- endif -%}
{%- endif -%}
{% endmacro %}

{% macro _register_external(node, schemas) %}
{%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
{%- set location = node.config.get('location', external_location(relation, node.config)) -%}
{%- if relation.schema not in schemas -%}
    {%- call statement('main') -%}create schema if not exists {{ relation.without_identifier() }}{%- endcall -%}
    {%- do schemas.append(relation.schema) -%}
{%- endif -%}
{%- call statement('main') -%}
create or replace view {{ relation }} as (
    select * from '{{ adapter.external_read_location(location, render_write_options(node.config)) }}'
)
{%- endcall -%}
{% endmacro %}
