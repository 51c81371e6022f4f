{% macro make_hook_config(sql, inside_transaction) %}
{{- tojson({'sql': sql, 'transaction': inside_transaction}) -}}
{% endmacro %}

{% macro before_begin(sql) %}{{ make_hook_config(sql, inside_transaction=false) }}{% endmacro %}

{% macro in_transaction(sql) %}{{ make_hook_config(sql, inside_transaction=true) }}{% endmacro %}

{% macro after_commit(sql) %}{{ make_hook_config(sql, inside_transaction=false) }}{% endmacro %}

{# Sends the hooks of a node that are to run inside, or outside, of its transaction. #}
{% macro run_hooks(hooks, inside_transaction=true) %}
{%- for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) -%}
    {%- if not inside_transaction and loop.first -%}
        {%- call statement(auto_begin=false) -%}commit;{%- endcall -%}
    {%- endif -%}
    {%- set text = render(hook.get('sql')) | trim -%}
    {%- if text -%}
        {%- call statement(auto_begin=inside_transaction) -%}{{ text }}{%- endcall -%}
    {%- endif -%}
{%- endfor -%}
{% endmacro %}
