select id::integer as id, name, paid::decimal(10,2) as paid from {{ ref('raw_people') }}
