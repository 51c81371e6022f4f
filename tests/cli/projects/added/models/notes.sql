{% do note('b', 2) %}{% do note('a', 1) %}
{% do context.update({'PLACE': 'here'}) %}
select '{{ noted() }}' as noted, '{{ seen() }}' as seen
