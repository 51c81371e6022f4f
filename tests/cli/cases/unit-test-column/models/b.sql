select id, upper(name) as label from {{ ref('a') }}
