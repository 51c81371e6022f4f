select '{{ noted() }}' as noted, '{{ context.get('PLACE', 'none') }}' as place
