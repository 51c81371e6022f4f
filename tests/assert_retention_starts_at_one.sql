-- A cohort is made of the users active in its first week, so all of them are.
select *
from {{ ref('retention_weekly') }}
where
    week_n = 0
    and (active_users <> cohort_size or retention_rate <> 1)
