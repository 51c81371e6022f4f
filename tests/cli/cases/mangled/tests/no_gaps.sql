select * from {{ ref('daily') }} where orders is null
