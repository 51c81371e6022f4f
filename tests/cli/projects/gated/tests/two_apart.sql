select n from {{ ref('apart') }} where n in (select id from {{ ref('middle') }})
