select * from {{ ref('nowhere') }} where false
