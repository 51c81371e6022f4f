select id from {{ ref('same') }}
