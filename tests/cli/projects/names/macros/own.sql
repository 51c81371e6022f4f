{% macro ref(name) %}{% do return(builtins.ref(name).include(database=false)) %}{% endmacro %}
{% macro twice(x) %}{% do return(x * 2) %}{% endmacro %}
{% macro started() %}{% if execute %}{% do print('start ' ~ (results is defined) ~ ' ' ~ (selected_resources | sort)) %}{% endif %}{% endmacro %}
{% macro ended(results) %}
{% if execute %}
{% for r in results | sort(attribute='node.unique_id') %}
{% do print(r.node.unique_id ~ ' ' ~ r.status ~ ' ' ~ (r.status == 'success') ~ ' ' ~ r.message ~ ' ' ~ r.failures ~ ' ' ~ (r.execution_time > 0) ~ ' ' ~ r.adapter_response ~ ' ' ~ r.node.config.materialized ~ ' ' ~ r.node.resource_type ~ ' ' ~ r.node.relation_name ~ ' ' ~ (r.node.compiled_code is defined)) %}
{% do print((r.timing | map(attribute='name') | list) ~ (r.timing[0].started_at.year > 2000) ~ (r.timing[0].completed_at >= r.timing[0].started_at)) %}
{% do print((r.to_dict().keys() | reject('equalto', 'agate_table') | sort) ~ (r.to_dict()['node']['name']) ~ (r.to_dict()['timing'][0]['name'])) %}
{% endfor %}
{% endif %}
{% endmacro %}
{% macro names() %}
{% do print([thread_id is defined, pre_hooks, post_hooks, schema, database, this is defined, model.name, model.resource_type, model.unique_id, connection_name is defined]) %}
{% do print(target.items() | sort) %}
{% do print([flags.FULL_REFRESH, flags.STORE_FAILURES, flags.WHICH, flags.FAIL_FAST, flags.QUIET, flags.INTROSPECT, flags.NOPE is defined, flags.INDIRECT_SELECTION, flags.LOG_FORMAT, flags.DEBUG]) %}
{% do print([invocation_args_dict.which, invocation_args_dict.vars, invocation_args_dict['quiet']]) %}
{% do print(dbt_metadata_envs) %}
{% do print(exceptions.keys() | list) %}
{% do print((modules.keys() | list | sort) ~ (api.keys() | list)) %}
{% do print(graph.keys() | list | sort) %}
{% do print(selected_resources) %}
{% do print([execute, dbt_version, project_name, invocation_id | length, run_started_at.tzinfo, run_started_at | string | length]) %}
{% do print([context['twice'](2), context.get('twice')(3), context['nope'] is defined, context.get('nope'), context.target.name, context['context']['twice'](4)]) %}
{% do print([builtins.var('a'), builtins['target'].name, builtins.fromjson('{"a": 1}'), builtins.local_md5('a'), builtins.return is defined, builtins.nope is defined]) %}
{% do print([var('a'), var('names') if var.has_var('names') else 'no', var.has_var('own'), var('nope', 'd'), var('nope', none)]) %}
{% do print([env_var('KARAT_FIXTURE'), env_var('KARAT_NOPE', 'd')]) %}
{% do print([config.get('x', 'd') if false else 'skipped', sql_now, env.name]) %}
{% do print(fromjson('{"a": [1, 2.5, null]}') ~ tojson({'b': 1, 'a': [none, true]}, sort_keys=true) ~ fromyaml('a: [1, x]') ~ toyaml({'a': 1}) ~ tojson(1.0)) %}
{% do print([set([1, 1]), set_strict([1]), zip([1, 2], ['a', 'b']) | list, zip_strict([1], [2]) | list, fromjson('nope', 'd'), fromyaml('{', 'd'), tojson(target, 'd') | length > 2]) %}
{% set known = builtins.ref.config %}{% do print([known.project_name, known.target_name, known.profile_name, known.threads, known.cli_vars, known.dependencies.keys() | first, known.credentials.schema, adapter.config.project_name]) %}
{% do print(diff_of_two_dicts({'a': ['x', 'y'], 'b': ['z']}, {'a': ['x']})) %}
{% do print(graph.nodes.keys() | list | sort) %}
{% do print([dbt.type_string(), context.dbt.type_int(), context['context'].twice(4)]) %}
{% endmacro %}
{% macro warns() %}{% do exceptions.warn('careful') %}{% do print('done' ~ exceptions.warn('again')) %}{% endmacro %}
