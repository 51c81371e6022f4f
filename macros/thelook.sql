{#- The relation of a raw TheLook table, from wherever the variable `thelook_source` says. -#}
{% macro thelook(table) %}
    {%- set origin = var('thelook_source', 'seeds') -%}
    {%- if origin == 'seeds' -%}
        {{ return(ref(table)) }}
    {%- elif origin == 'public' -%}
        {{ return(source('thelook', table)) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error("thelook_source is '" ~ origin ~ "': expected 'seeds' or 'public'") }}
    {%- endif -%}
{% endmacro %}
