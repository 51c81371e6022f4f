{% set d = {'a': 1} %}
select {{ d.pop('b') }}
