-- Seconds from the start to the end of completed conversations.
select
    experiment,
    variant,
    count(*) as conversations,
    cast(avg(duration_s) as double precision) as mean_s,
    {{ percentile(0.5, 'duration_s') }} as p50_s,
    {{ percentile(0.9, 'duration_s') }} as p90_s
from {{ ref('conversation_sessions') }}
where outcome = 'completed'
group by experiment, variant
