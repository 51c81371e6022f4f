select id, kind, current_date as day from {{ ref('raw') }}
