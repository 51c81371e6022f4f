select * from {{ ref('points') }}
