select * from {{ ref('counts') }} where n > {{ var('scale') }} * 100
