{% macro get_incremental_tagged_sql(arg_dict) %}
insert into {{ arg_dict['target_relation'] }} ({{ get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) }})
select {% for column in arg_dict['dest_columns'] %}
  {{- "'tagged'" if column.name == 'tag' else column.quoted }}{{ ', ' if not loop.last }}
{%- endfor %}
from {{ arg_dict['temp_relation'] }}
{% endmacro %}

{% macro duckdb__get_incremental_merge_sql(args_dict) %}
{{ return(get_incremental_append_sql(args_dict)) }}
{% endmacro %}

{% macro default__get_merge_unique_key_match(source_unique_key, target_unique_key) %}{{ return('true') }}{% endmacro %}

{% macro should_full_refresh() %}
{{ return(flags.FULL_REFRESH and not config.get('meta', {}).get('kept')) }}
{% endmacro %}

{% macro is_incremental() %}
{{ return(execute and var('round') > 2 and dbt.is_incremental()) }}
{% endmacro %}
