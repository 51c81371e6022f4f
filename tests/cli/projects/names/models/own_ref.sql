select * from {{ ref('m') }} where 1 = {{ twice(1) - 1 }}
