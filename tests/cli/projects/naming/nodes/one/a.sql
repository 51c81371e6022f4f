select id, "Name" as person from {{ ref('people') }}
