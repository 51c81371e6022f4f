select * from {{ ref('colours') }}
