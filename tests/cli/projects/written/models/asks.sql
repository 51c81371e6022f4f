{% set conf = project() %}
select '{{ conf.project_name }}' as name, '{{ conf.dependencies["written"].version }}' as version, '{{ conf.target_name }}' as target
