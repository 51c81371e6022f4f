select * from {{ ref('plain', v=1) }}
