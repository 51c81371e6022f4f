{# Functions of the warehouse: `model` is the function, whose arguments and result its properties tell. #}

{% materialization function, default, supported_languages=['sql'] %}
{%- set existing, target = load_cached_relation(this), this.incorporate(type='function') -%}
{{ run_hooks(pre_hooks) }}
{%- set writes = (config.get('type') or 'scalar') ~ '_function_' ~ model.language -%}
{%- set build_sql = adapter.dispatch(writes, 'dbt')(target) -%}
{%- do function_execute_build_sql(build_sql, existing, target) -%}
{{ run_hooks(post_hooks) }}
{{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro default__function_execute_build_sql(build_sql, existing_relation, target_relation) %}
{%- call statement(name='main') -%}{{ build_sql }}{%- endcall -%}
{%- set should_revoke = should_revoke(existing_relation, full_refresh_mode=true) -%}
{%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke) -%}
{%- do persist_docs(target_relation, model) -%}
{%- do adapter.commit() -%}
{% endmacro %}

{% macro default__scalar_function_sql(target_relation) %}
{{ scalar_function_create_replace_signature_sql(target_relation) }}
{{ scalar_function_body_sql() }};
{% endmacro %}

{% macro default__scalar_function_create_replace_signature_sql(target_relation) %}
CREATE OR REPLACE FUNCTION {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
RETURNS {{ model.returns.data_type }}
{{ scalar_function_volatility_sql() }}
AS
{% endmacro %}

{% macro default__formatted_scalar_function_args_sql() %}
{%- for argument in model.arguments -%}
    {{ argument.name }} {{ argument.data_type }}{{ ', ' if not loop.last }}
{%- endfor -%}
{% endmacro %}

{% macro default__formatted_scalar_function_args_javascript() %}
{%- do exceptions.raise_compiler_error('functions in JavaScript can not be made on ' ~ adapter.type()) -%}
{% endmacro %}

{% macro default__scalar_function_body_sql() %}
$$
{{ model.compiled_code }}
$$ LANGUAGE SQL
{% endmacro %}

{% macro default__scalar_function_volatility_sql() %}
{%- set words = {'deterministic': 'IMMUTABLE', 'stable': 'STABLE', 'non-deterministic': 'VOLATILE'} -%}
{%- set volatility = model.config.get('volatility') -%}
{%- if volatility in words -%}
    {{ words[volatility] }}
{%- elif volatility is not none -%}
    {%- do unsupported_volatility_warning(volatility) -%}
{%- endif -%}
{% endmacro %}

{% macro default__scalar_function_volatility_javascript() %}
{%- if model.config.get('volatility') is not none -%}
    {%- do exceptions.warn('the volatility of functions in JavaScript has no effect on ' ~ adapter.type()) -%}
{%- endif -%}
{% endmacro %}

{% macro default__unsupported_volatility_warning(volatility) %}
{%- do exceptions.warn('the volatility `' ~ volatility ~ '` of the function ' ~ model.name ~ ' has no effect on ' ~ adapter.type()) -%}
{% endmacro %}

{% macro default__get_aggregate_function_create_replace_signature(target_relation) %}
CREATE OR REPLACE AGGREGATE FUNCTION {{ target_relation.render() }} ({{ get_formatted_aggregate_function_args() }})
RETURNS {{ model.returns.data_type }}
{{ get_function_language_specifier() }}
{{ get_aggregate_function_volatility_specifier() }}
{% if model.get('language') == 'python' %}{{ get_function_python_options() }}{% endif %}
AS
{% endmacro %}

{% macro default__get_formatted_aggregate_function_args() %}
{{- formatted_scalar_function_args_sql() -}}
{% endmacro %}

{% macro default__get_function_language_specifier() %}
{%- set words = {'sql': '', 'python': 'LANGUAGE PYTHON', 'javascript': 'LANGUAGE js'} -%}
{%- set language = model.get('language') -%}
{{ words[language] if language in words else 'LANGUAGE ' ~ language.upper() }}
{%- endmacro %}

{% macro default__get_aggregate_function_volatility_specifier() %}
{{- scalar_function_volatility_sql() -}}
{% endmacro %}

{% macro default__get_function_python_options() %}
RUNTIME_VERSION = '{{ model.config.get('runtime_version') }}'
HANDLER = '{{ model.config.get('entry_point') }}'
{% set packages = model.config.get('packages', []) -%}
{% if packages %}PACKAGES = ('{{ packages | join("','") }}'){% endif %}
{% endmacro %}
