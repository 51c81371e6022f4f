select * from {{ source('raw', 'no_table') }}, {{ ref('on') }} where false
