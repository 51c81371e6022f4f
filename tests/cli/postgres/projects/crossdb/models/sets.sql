(select id from {{ ref('base') }} {{ dbt.except() }} select 2)
{{ dbt.intersect() }}
select generated_number from ({{ dbt.default__generate_series(7) }})
