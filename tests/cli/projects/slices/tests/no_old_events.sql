select * from {{ ref('events') }} where "Happened At" < '2024-01-01'
