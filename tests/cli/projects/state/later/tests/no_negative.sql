select * from {{ ref('same') }} where id <= -1
