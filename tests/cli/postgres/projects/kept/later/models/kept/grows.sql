select id::bigint as id, name from {{ ref('raw_people') }}
