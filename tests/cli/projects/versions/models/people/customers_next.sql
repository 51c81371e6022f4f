select id, city as town from {{ ref('raw_people') }}
