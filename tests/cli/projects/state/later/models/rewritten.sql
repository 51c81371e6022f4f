select id from {{ ref('same') }} -- changed
