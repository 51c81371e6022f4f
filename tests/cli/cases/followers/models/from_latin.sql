select * from {{ ref('latin') }}
