select * from {{ ref('d') }} union all select 0, '{{ target.database }}'
