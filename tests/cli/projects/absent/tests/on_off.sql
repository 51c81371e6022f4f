select * from {{ ref('off') }} where false
