select * from {{ ref('old_one') }} union all select * from {{ ref('soon_gone') }} union all select v from {{ ref('words', v='new') }} cross join (select 3 as v)
