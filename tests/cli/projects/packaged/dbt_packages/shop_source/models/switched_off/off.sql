select * from {{ ref('nothing_there') }}
