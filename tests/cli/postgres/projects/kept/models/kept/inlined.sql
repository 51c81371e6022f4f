select id::integer as id from {{ ref('raw_people') }}
