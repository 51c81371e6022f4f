{% macro note(key, value) %}
  {% if not context.get('NOTES') %}{% do context.update({'NOTES': {}}) %}{% endif %}
  {% do context.get('NOTES').update({key: value}) %}
  {{ return('') }}
{% endmacro %}

{% macro noted() %}{{ return(context.get('NOTES', {}) | dictsort | map('join', '=') | join(' ')) }}{% endmacro %}

{% macro seen() %}{{ return(context['PLACE'] ~ ' ' ~ context.setdefault('PLACE', 'there') ~ ' ' ~ context.setdefault('OTHER', 'new') ~ ' ' ~ other() ~ ' ' ~ ('PLACE' in context)) }}{% endmacro %}

{% macro other() %}{{ return(OTHER) }}{% endmacro %}
