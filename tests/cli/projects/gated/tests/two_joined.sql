select n from {{ ref('both') }} where n in (select id from {{ ref('middle') }})
