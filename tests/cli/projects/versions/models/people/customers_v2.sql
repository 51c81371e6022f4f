select id, name, city from {{ ref('raw_people') }}
