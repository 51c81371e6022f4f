select id, amount * 2 as twice, '{{ rate() }}' as r from {{ source('local', 'amounts') }} union all select id, amount, '' from {{ ref('amounts') }}
