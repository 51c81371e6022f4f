select * from {{ ref('grows') }} where round > 1
