select id from {{ ref('closed') }}
