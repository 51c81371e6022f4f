{#- The place of a state in a conversation, from 1. -#}
{% macro state_number(state) -%}
    case {{ state }}
        {%- for name in var('conversation_states') %}
        when '{{ name }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}
