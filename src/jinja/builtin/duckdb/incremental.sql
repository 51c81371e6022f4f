{% macro duckdb__get_incremental_default_sql(arg_dict) %}{{ return(get_incremental_delete_insert_sql(arg_dict)) }}{% endmacro %}

{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
{%- set predicates = [] -%}
{%- for predicate in incremental_predicates or [] -%}{%- do predicates.append(' and ' ~ predicate) -%}{%- endfor -%}
{%- if unique_key and unique_key is string -%}
delete from {{ target }} where ( {{ unique_key }}) in ( select ({{ unique_key }}) from {{ source }} ) {{ predicates | join }};
{%- elif unique_key -%}
{%- set matches = [] -%}
{%- for key in unique_key -%}{%- do matches.append(source ~ '.' ~ key ~ ' = DBT_INCREMENTAL_TARGET.' ~ key) -%}{%- endfor -%}
delete from {{ target }} as DBT_INCREMENTAL_TARGET using {{ source }}
where ( {{ matches | join(' and ') }} {{ predicates | join }} );
{%- endif %}
{{ get_insert_into_sql(target, source, dest_columns) }}
{% endmacro %}

{% macro duckdb__get_incremental_merge_sql(args_dict) %}
{{ return(duckdb__get_merge_sql(
    args_dict['target_relation'], args_dict['temp_relation'], args_dict['unique_key'], args_dict['dest_columns'],
    normalize_incremental_predicates(args_dict.get('incremental_predicates'))
)) }}
{% endmacro %}

{# Rows of one batch are replaced by those of the query: which those are is for `event_time` to say. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) %}
{%- set time = config.get('event_time') -%}
{%- set batch = model.get('batch') or {} -%}
{%- set first, last = batch.get('event_time_start'), batch.get('event_time_end') -%}
{%- if not time -%}
    {%- do exceptions.raise_compiler_error('the strategy microbatch needs `event_time`') -%}
{%- elif config.get('unique_key') -%}
    {%- do exceptions.raise_compiler_error('the strategy microbatch replaces whole batches and has no use for `unique_key`: remove it, or use the strategy merge') -%}
{%- elif not (first and last) -%}
    {%- do exceptions.raise_compiler_error('the strategy microbatch needs a batch to run for') -%}
{%- endif -%}
{%- set within -%}
{{ time }} >= '{{ first }}' and {{ time }} < '{{ last }}'
{%- endset -%}
{%- set names = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
{%- set target = arg_dict['target_relation'] -%}
{%- set sql -%}
delete from {{ target }} where {{ within }}
{%- for predicate in normalize_incremental_predicates(arg_dict.get('incremental_predicates')) %} and ({{ predicate }}){% endfor %};
insert into {{ target }} ({{ names }})
select {{ names }} from {{ arg_dict['temp_relation'] }} where {{ within }};
{%- endset -%}
{{ return(sql) }}
{% endmacro %}

{% macro normalize_incremental_predicates(incremental_predicates) %}
{{ return(normalize_string_or_list(incremental_predicates, 'incremental_predicates')) }}
{% endmacro %}

{# A text, or a list of texts, as a list. #}
{% macro normalize_string_or_list(raw, field_name) %}
{%- if raw is none -%}{{ return([]) }}{%- endif -%}
{%- if raw is mapping or (raw is not string and raw is not sequence) -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' is a text or a list of texts') -%}
{%- endif -%}
{%- set list = [raw] if raw is string else raw | list -%}
{%- for item in list if item is not string -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' is a list with something other than texts: ' ~ item) -%}
{%- endfor -%}
{{ return(list) }}
{% endmacro %}

{# Merges, whose clauses a model may write itself. #}

{% macro merge_clause_defaults(merge_update_condition, merge_insert_condition, merge_update_columns=[], merge_exclude_columns=[], merge_update_set_expressions={}) %}
{%- set update = {'include': merge_update_columns, 'exclude': merge_exclude_columns, 'set_expressions': merge_update_set_expressions} -%}
{{ return({
    'when_matched_update_by_name': {'action': 'update', 'condition': merge_update_condition, 'mode': 'by_name'},
    'when_not_matched_insert_by_name': {'action': 'insert', 'condition': merge_insert_condition, 'mode': 'by_name'},
    'when_matched_update_explicit': {'action': 'update', 'condition': merge_update_condition, 'mode': 'explicit', 'update': update},
}) }}
{% endmacro %}

{% macro duckdb__merge_join_clause(unique_key, merge_on_using_columns, incremental_predicates) %}
{%- set filters = [] + (incremental_predicates or []) -%}
{%- if merge_on_using_columns -%}
USING ({{ merge_on_using_columns | join(', ') }}) {{ 'ON (' ~ filters | join(') AND (') ~ ')' if filters }}
{%- else -%}
{%- set keys = [] -%}
{%- for key in normalize_string_or_list(unique_key or none, 'unique_key') -%}
    {%- do keys.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
{%- endfor -%}
ON ({{ ((keys or ['FALSE']) + filters) | join(') AND (') }})
{%- endif -%}
{% endmacro %}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
{{ validate_merge_config(config, target) }}
{%- set update, exclude, expressions =
    config.get('merge_update_columns', []), config.get('merge_exclude_columns', []), config.get('merge_update_set_expressions', {}) -%}
{%- set usual = merge_clause_defaults(
    config.get('merge_update_condition', none), config.get('merge_insert_condition', none), update, exclude, expressions
) -%}
{%- set clauses = config.get('merge_clauses', {}) -%}
{%- set by_hand = update or exclude or expressions -%}
{%- set matched = usual.when_matched_update_explicit if by_hand else usual.when_matched_update_by_name -%}
{%- set returning = config.get('merge_returning_columns', []) -%}
{{ _sql_header() }}
MERGE INTO {{ target }} AS DBT_INTERNAL_DEST
USING {{ source }} AS DBT_INTERNAL_SOURCE
{{ duckdb__merge_join_clause(unique_key, config.get('merge_on_using_columns', []), normalize_incremental_predicates(incremental_predicates)) }}
{%- for clause in clauses.get('when_matched', [matched]) %}
WHEN MATCHED {{ _merge_condition(clause) }} THEN {{ _merge_matched(clause, dest_columns) }}
{%- endfor -%}
{%- for clause in clauses.get('when_not_matched', [usual.when_not_matched_insert_by_name]) %}
WHEN NOT MATCHED {{ 'BY ' ~ clause.get('by') | upper if clause.get('by') }} {{ _merge_condition(clause) }} THEN {{ _merge_not_matched(clause) }}
{%- endfor %}
{{ 'RETURNING ' ~ normalize_string_or_list(returning, 'merge_returning_columns') | join(', ') if returning }}
{% endmacro %}

{% macro _merge_condition(clause) %}
{%- set condition = clause.get('condition') -%}
{%- if condition and condition is string %} AND {{ condition }}
{%- elif condition %} AND ({{ condition | join(') AND (') }})
{%- endif -%}
{% endmacro %}

{% macro _merge_matched(clause, dest_columns) %}
{%- set mode = clause.get('mode') -%}
{%- if clause.get('action') != 'update' -%}
{{ _merge_action(clause) }}
{%- elif mode == 'explicit' -%}
{%- set update = clause.get('update', {}) -%}
{%- set expressions = update.get('set_expressions', {}) -%}
{%- set sets = [] -%}
{%- for name, expression in expressions.items() -%}{%- do sets.append(name ~ ' = ' ~ expression) -%}{%- endfor -%}
{%- for name in get_merge_update_columns(update.get('include', []), update.get('exclude', []), dest_columns)
    if name | replace('"', '') | replace("'", '') not in expressions -%}
    {%- do sets.append(name ~ ' = DBT_INTERNAL_SOURCE.' ~ name) -%}
{%- endfor -%}
UPDATE SET {{ sets | join(', ') }}
{%- else -%}
UPDATE {{ {'by_name': 'BY NAME', 'by_position': 'BY POSITION', 'star': 'SET *'}.get(mode, '') }}
{%- endif -%}
{% endmacro %}

{% macro _merge_not_matched(clause) %}
{%- set action, mode = clause.get('action'), clause.get('mode') -%}
{%- if action == 'update' -%}
{%- set sets = [] -%}
{%- for name, expression in clause.get('set_expressions', {}).items() -%}{%- do sets.append(name ~ ' = ' ~ expression) -%}{%- endfor -%}
UPDATE SET {{ sets | join(', ') }}
{%- elif action == 'insert' and mode == 'explicit' -%}
{%- set insert = clause.get('insert', {}) -%}
INSERT ({{ insert.get('columns', []) | join(', ') }}) VALUES ({{ insert.get('values', []) | join(', ') }})
{%- elif action == 'insert' -%}
INSERT {{ {'by_name': 'BY NAME', 'by_position': 'BY POSITION', 'star': '*'}.get(mode, '') }}
{%- else -%}
{{ _merge_action(clause) }}
{%- endif -%}
{% endmacro %}

{% macro _merge_action(clause) %}
{%- set action, message = clause.get('action'), clause.get('error_message') -%}
{%- if action == 'error' -%}
ERROR {{ "'" ~ message | replace("'", "''") ~ "'" if message }}
{%- else -%}
{{ {'delete': 'DELETE', 'do_nothing': 'DO NOTHING'}.get(action, '') }}
{%- endif -%}
{% endmacro %}

{# The settings of a merge that can't be meant, all at once. #}
{% macro validate_merge_config(config, target_relation=none) %}
{%- set errors = [] -%}
{%- set texts = ['merge_update_condition', 'merge_insert_condition'] -%}
{%- set lists = ['merge_on_using_columns', 'merge_update_columns', 'merge_exclude_columns', 'merge_returning_columns'] -%}
{%- for name in texts -%}{%- do validate_string_field(config.get(name), name, errors) -%}{%- endfor -%}
{%- for name in lists -%}{%- do validate_string_list_field(config.get(name), name, errors) -%}{%- endfor -%}
{%- do validate_dict_field(config.get('merge_update_set_expressions'), 'merge_update_set_expressions', errors) -%}
{%- set without_effect = texts + ['merge_update_columns', 'merge_exclude_columns', 'merge_update_set_expressions'] -%}
{%- do validate_merge_clauses(config, without_effect, errors) -%}
{%- if errors -%}
    {%- do exceptions.raise_compiler_error('wrong settings of the merge:\n' ~ errors | join('\n')) -%}
{%- endif -%}
{% endmacro %}

{% macro validate_merge_clauses(config, base_configuration_fields, errors) %}
{%- set clauses = config.get('merge_clauses') -%}
{%- if clauses is none -%}{{ return('') }}{%- endif -%}
{%- if clauses is not mapping -%}
    {%- do errors.append('merge_clauses is a mapping, not ' ~ clauses) -%}
    {{ return('') }}
{%- endif -%}
{%- if 'when_matched' not in clauses and 'when_not_matched' not in clauses -%}
    {%- do errors.append('merge_clauses has neither when_matched nor when_not_matched') -%}
{%- endif -%}
{%- for kind in ['when_matched', 'when_not_matched'] if kind in clauses -%}
    {%- do validate_merge_clause_list(clauses, kind, errors) -%}
{%- endfor -%}
{%- for name in base_configuration_fields if config.get(name) -%}
    {%- do errors.append(name ~ ' has no effect beside merge_clauses: say it there') -%}
{%- endfor -%}
{% endmacro %}

{% macro validate_merge_clause_list(merge_clauses, clause_type, errors) %}
{%- set name, list = 'merge_clauses.' ~ clause_type, merge_clauses.get(clause_type) -%}
{%- if list is not sequence or list is mapping or list is string -%}
    {%- do errors.append(name ~ ' is a list') -%}
{%- elif not list -%}
    {%- do errors.append(name ~ ' is empty') -%}
{%- else -%}
    {%- for clause in list if clause is not mapping -%}
        {%- do errors.append(name ~ ' is a list of mappings, not of ' ~ clause) -%}
    {%- endfor -%}
{%- endif -%}
{% endmacro %}

{% macro validate_string_field(field_value, field_name, errors) %}
{%- if field_value is not none and field_value is not string -%}
    {%- do errors.append(field_name ~ ' is a text, not ' ~ field_value) -%}
{%- endif -%}
{% endmacro %}

{% macro validate_string_list_field(field_value, field_name, errors) %}
{%- if field_value is none -%}{{ return('') }}{%- endif -%}
{%- if field_value is not sequence or field_value is mapping or field_value is string -%}
    {%- do errors.append(field_name ~ ' is a list') -%}
{%- else -%}
    {%- for item in field_value if item is not string -%}
        {%- do errors.append(field_name ~ ' is a list of texts, not of ' ~ item) -%}
    {%- endfor -%}
{%- endif -%}
{% endmacro %}

{% macro validate_dict_field(field_value, field_name, errors) %}
{%- if field_value is not none and field_value is not mapping -%}
    {%- do errors.append(field_name ~ ' is a mapping, not ' ~ field_value) -%}
{%- endif -%}
{% endmacro %}
