select id from {{ ref('inlined') }}
