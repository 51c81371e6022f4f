select id::integer as id, name from {{ ref('raw_people') }}
