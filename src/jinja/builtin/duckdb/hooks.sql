{# Sends the hooks of a node that are to run inside, or outside, of its transaction. #}
{% macro run_hooks(hooks, inside_transaction=true) %}
{%- for hook in hooks | selectattr('transaction', 'equalto', inside_transaction) -%}
    {%- set text = render(hook.get('sql')) | trim -%}
    {%- if text -%}
        {%- call statement(auto_begin=inside_transaction) -%}{{ text }}{%- endcall -%}
    {%- endif -%}
{%- endfor -%}
{% endmacro %}
