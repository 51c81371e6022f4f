select id from {{ ref('a') }} union all select id from {{ source('raw', 'letters') }}
