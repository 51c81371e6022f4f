select id from {{ ref('twice') }}
