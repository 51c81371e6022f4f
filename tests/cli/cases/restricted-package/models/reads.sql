select * from {{ ref('tools', 'closed') }}
union all
select * from {{ ref('opened') }}
