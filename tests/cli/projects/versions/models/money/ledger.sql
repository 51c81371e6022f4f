select id, id * 10 as amount from {{ ref('raw_people') }}
