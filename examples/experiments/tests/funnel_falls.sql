-- No state is reached by more conversations than the one before it.
select *
from (
    select *, lag(sessions) over (partition by experiment, variant order by step) as before
    from {{ ref('conversation_funnel') }}
) as steps
where sessions > before
