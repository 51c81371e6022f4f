select id::integer as id, name as "Odd Name" from {{ ref('raw_people') }}
