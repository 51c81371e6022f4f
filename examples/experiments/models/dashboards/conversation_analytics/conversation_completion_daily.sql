-- Completion rate over time: a line for each variant.
select
    cast(started_at at time zone 'UTC' as date) as day,
    experiment,
    variant,
    count(*) as conversations,
    {{ rate("outcome = 'completed'") }} as completion_rate
from {{ ref('conversation_sessions') }}
group by cast(started_at at time zone 'UTC' as date), experiment, variant
