{{ config(shade=none, tags=['twice', 'own', 'own']) }}
select '{{ model.config.shade }}' as shade, '{{ model.config.tags | join(' ') }}' as config_tags, '{{ model.tags | join(' ') }}' as tags, '{{ config.get('shade', 'unset') }}' as got
