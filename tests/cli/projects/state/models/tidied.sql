select id, {{ tidy('name') }} as name from {{ ref('people') }}
